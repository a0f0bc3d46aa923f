import type { Trust } from '@socle/schemas'
import { beforeAll, describe, expect, test } from 'vitest'
import { withSignatureTimestamp } from '../keys/cms-timestamp.ts'
import { writeContainer } from './container.ts'
import { compareFiles, type ContainerFile, type ContainerParts, filesOf, type WholeParts } from './container-layout.ts'
import { createReport, type Report } from './report.ts'
import { makeSmallLog, type SmallLog } from './testing/small-log.ts'
import { verifyContainer } from './verify-container.ts'
import { zipOf } from './zip-writer.ts'

let log: SmallLog
beforeAll(async () => {
  log = await makeSmallLog()
})

async function judge(bytes: Buffer, trust: Trust = log.trust): Promise<Report> {
  const report = createReport()
  await verifyContainer(bytes, { name: 'c.asice', brief: false }, trust, report)
  return report.finish()
}

const inOrder = (files: readonly ContainerFile[]): readonly ContainerFile[] =>
  files.toSorted((one, other) => compareFiles(one.name, other.name))

const failures = ({ checks }: Report): readonly string[] =>
  checks
    .filter(({ result }) => result === 'failed')
    .map(({ place, detail = '' }) => `${place.replace('c.asice!/', '').replace('META-INF/', '')}: ${detail}`)

async function failing(parts: ContainerParts, trust?: Trust): Promise<readonly string[]> {
  const report = await judge(await writeContainer(parts), trust)
  expect(report.verdict).toBe('not-proved')
  return failures(report)
}

const changed = (change: Partial<WholeParts>): WholeParts => ({ ...log.whole, ...change })

describe('a container that holds', () => {
  test('is proved, and each thing that it proves is told', async () => {
    const report = await judge(await writeContainer(log.whole))
    expect(report.verdict, report.text('en')).toBe('proved')
    expect(report.checks.filter(({ result }) => result === 'not-checked').map(({ message }) => message.en)).toEqual([
      expect.stringContaining('cannot know whether there were deliveries'),
    ])
    for (const words of [
      'CAdES-T',
      'delivered to archive-b (feed)',
      'archive-b reported “archived”',
      'checkpoint timestamped',
      "recorded by the hub's clock at 2026-11-24T10:00:01.000Z; existed at the latest at 2026-11-24T10:01:01.000Z",
    ])
      expect(report.text('en')).toContain(words)
  })

  test('without outside times is proved as far as it goes, and says what is missing', async () => {
    const { timedSignature, checkpointTsr, ...rest } = log.whole
    expect(timedSignature && checkpointTsr).toBeDefined()
    const { verdict, checks } = await judge(await writeContainer(rest))
    expect(verdict).toBe('proved')
    expect(checks.filter(({ result }) => result === 'not-checked')).toHaveLength(4)
    expect(checks.some(({ message }) => message.en.includes('no outside clock says since when'))).toBe(true)
  })

  test('of an erased document says when and by which decision', async () => {
    const report = await judge(await writeContainer(log.erased))
    expect(report.verdict, report.text('en')).toBe('proved')
    expect(report.text('en')).toContain('erased on 2026-11-24T10:00:06.000Z, by decision 2026-17')
    expect(report.text('fr')).toContain('effacé le 2026-11-24T10:00:06.000Z, par décision 2026-17')
  })

  test('may withhold what a delivery says, never what an outcome does', async () => {
    const { envelope, salt, ...withheld } = log.proofs.dlv
    expect(envelope && salt).toBeDefined()
    const { verdict, checks } = await judge(await writeContainer(changed({ deliveries: [withheld] })))
    expect(verdict).toBe('proved')
    expect(checks.some(({ message }) => message.en.includes('not shown'))).toBe(true)
    const told = createReport()
    const both = await writeContainer(
      changed({
        deliveries: [log.proofs.dlv, { ...withheld, leaf: log.proofs.again.leaf, proof: log.proofs.again.proof }],
      }),
    )
    await verifyContainer(both, { name: 'c.asice', brief: true }, log.trust, told)
    expect(told.finish().text('en')).toContain('proved by the log: 1 deliveries, 1 outcomes')
    const { envelope: said, salt: opening, ...outcome } = log.proofs.out
    expect(said && opening).toBeDefined()
    expect(await failing(changed({ outcomes: [outcome] }))).toEqual([
      'socle/outcomes/0001.json: an outcome is never withheld',
    ])
  })
})

describe('the timestamp of a seal fails', () => {
  test('over other bytes than the signature value', async () => {
    const timedSignature = withSignatureTimestamp(log.whole.signature, await log.stamp(Buffer.from('other')))
    expect(await failing(changed({ timedSignature }))).toEqual(['signature.p7s: the timestamp is over other bytes'])
  })

  test('on another seal than the one that was logged', async () => {
    const other = await makeSmallLog()
    const { timedSignature = Buffer.alloc(0) } = other.whole
    expect(await failing(changed({ timedSignature }))).toEqual([
      'signature.p7s: the signature is another one than the seal',
    ])
  })

  test('from an authority that nobody trusts, as the token of the checkpoint does', async () => {
    const { timestampAuthorities } = (await makeSmallLog()).trust
    const found = await failing(log.whole, { ...log.trust, timestampAuthorities })
    expect(found.map((line) => line.split(':')[0])).toContain('signature.p7s')
    expect(found.map((line) => line.split(':')[0])).toContain('socle/checkpoint.tsr')
  })

  test('when the entry says that it is younger than an outside clock saw it', async () => {
    const early = await makeSmallLog({ stampedAt: new Date('2026-11-24T09:59:29.000Z') })
    const found = await failing(early.whole, early.trust)
    expect(found).toContainEqual(expect.stringMatching(/^signature\.p7s: .* is after /))
    expect(found).toContainEqual(expect.stringMatching(/^socle\/checkpoint\.tsr: .* is after /))
    expect(found).toContainEqual(expect.stringMatching(/^socle\/deliveries\/0001\.json: .* is after /))
  })

  test('but not for half a minute that clocks may differ', async () => {
    const close = await makeSmallLog({ stampedAt: new Date('2026-11-24T09:59:40.000Z') })
    expect((await judge(await writeContainer(close.whole), close.trust)).verdict).toBe('proved')
  })
})

describe('a delivery or an outcome fails', () => {
  const one = async (change: Partial<WholeParts>): Promise<string> => (await failing(changed(change))).join()

  test('about another document, of another kind, twice, or out of order', async () => {
    const { dlv, again, out, other, avl } = log.proofs
    expect(await one({ deliveries: [other] })).toContain('about another document')
    expect(await one({ deliveries: [out] })).toContain('an entry of kind out')
    expect(await one({ deliveries: [avl] })).toContain('an entry of kind avl')
    expect(await one({ outcomes: [dlv] })).toContain('an entry of kind dlv')
    expect(await one({ deliveries: [dlv, dlv] })).toContain('stands twice')
    expect(await one({ deliveries: [again, dlv] })).toContain('not in the order')
  })

  test('with a member changed, added or missing, or from another log', async () => {
    const { dlv } = log.proofs
    const foreign = (await makeSmallLog()).proofs.dlv
    const { envelope } = dlv
    const told = envelope && { ...envelope, account: 'archive-c' }
    expect(await one({ deliveries: [{ ...dlv, ...(told ? { envelope: told } : {}) }] })).toContain('commitment differs')
    expect(await one({ deliveries: [{ ...dlv, salt: 'AAAA' }] })).toContain('0001.json')
    expect(await one({ deliveries: [{ ...dlv, leaf: log.proofs.out.leaf }] })).toContain('another root')
    expect(await one({ deliveries: [{ ...dlv, timestamp: 'AAAA' }] })).toContain('0001.json')
    expect(await one({ deliveries: [foreign] })).toContain('0001.json')
    const extra = { ...dlv, note: 'x' }
    expect(await one({ deliveries: [extra] })).toContain('unknown member note')
  })
})

describe('an erasure fails', () => {
  test('of another kind, of another document, or with what it took away beside it', async () => {
    expect(await failing({ ...log.erased, erasure: log.proofs.dlv })).toContainEqual(
      expect.stringContaining('erases nothing'),
    )
    const leaf = log.proofs.dlv.leaf
    expect(await failing({ ...log.erased, leaf })).toContainEqual(expect.stringContaining('another root'))
    const beside = { name: 'document.xml', bytes: Buffer.from('<avis/>') }
    const report = await judge(await zipOf(inOrder([...filesOf(log.erased), beside])))
    expect(failures(report)).toEqual(['document.xml: '])
  })
})
