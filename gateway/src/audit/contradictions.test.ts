import {
  appendLeaves,
  certificateId,
  commitmentOf,
  emptyEdge,
  type Envelope,
  formatTlogProof,
  jcsBytes,
  type KeyList,
  leafHash,
  leafText,
  logKeyId,
  makeVkey,
  parseCms,
  type Trust,
  verifySigner,
} from '@socle/schemas'
import { beforeAll, describe, expect, test } from 'vitest'
import { writeContainer } from './container.ts'
import { type ContainerParts, type EntryProof, filesOf, readmeFile, type WholeParts } from './container-layout.ts'
import { createReport, type Report } from './report.ts'
import { makeSmallLog, type SmallLog } from './testing/small-log.ts'
import { verifyContainer } from './verify-container.ts'
import { zipOf } from './zip-writer.ts'

let log: SmallLog
beforeAll(async () => {
  log = await makeSmallLog()
})

async function judgeBytes(bytes: Buffer, trust: Trust): Promise<Report> {
  const report = createReport()
  await verifyContainer(bytes, { name: 'c.asice', brief: false }, trust, report)
  return report.finish()
}

const judge = async (parts: ContainerParts, trust = log.trust): Promise<Report> =>
  await judgeBytes(await writeContainer(parts), trust)

const failures = ({ checks }: Report): readonly string[] =>
  checks
    .filter(({ result }) => result === 'failed')
    .map(({ place, detail = '' }) => `${place.replace('c.asice!/', '').replace('META-INF/socle/', '')}: ${detail}`)

const changed = (change: Partial<WholeParts>): WholeParts => ({ ...log.whole, ...change })
function untimed({ timestamp, ...proof }: EntryProof): EntryProof {
  if (timestamp === undefined) throw new Error('it has no timestamp')
  return proof
}

/** The list of keys of an operator who took the log key back. @param revokedAt the entries are of 10:00, the tokens of 10:01 */
function revoked(revokedAt: string): Trust {
  const { signature, manifest } = log.whole
  const { certificate } = verifySigner(parseCms(signature), Buffer.from(manifest))
  const [key] = log.trust.logs
  if (key === undefined) throw new Error('no log key')
  const vkey = makeVkey(key.name, key.publicKey)
  const keys: KeyList = {
    origin: key.name,
    issued: new Date('2026-11-25T00:00:00.000Z'),
    keys: [
      { purpose: 'log', id: logKeyId(vkey), vkey, revokedAt, reason: 'keyCompromise' },
      { purpose: 'seal', id: certificateId(certificate) },
    ],
  }
  return { ...log.trust, keys }
}

/** A proof that a thief of the log key makes: of this leaf, at any place of a log of any size. */
function forged(leaf: string, { index, size }: { index: number; size: number }): string {
  const leaves = Array.from({ length: size }, (_, at) => (at === index ? leaf : `other ${at}`))
  const { root, paths } = appendLeaves(
    emptyEdge(),
    leaves.map((text) => leafHash(Buffer.from(text))),
  )
  return formatTlogProof({ index, path: paths[index] ?? [], checkpoint: log.sign({ size, root }) })
}

function forgedEntry(change: Partial<Envelope>, place: { index: number; size: number }): EntryProof {
  const envelope = { ...log.proofs.out.envelope, ...change } as Envelope
  const salt = Buffer.alloc(16, 7)
  const leaf = leafText(envelope, commitmentOf(salt, jcsBytes(envelope)), undefined)
  return { format: 'socle-entry-proof/v1', envelope, salt: salt.toString('base64'), leaf, proof: forged(leaf, place) }
}

describe('a log key that was revoked', () => {
  test('proves what an outside clock saw before', async () => {
    for (const parts of [log.whole, log.erased]) {
      const report = await judge(parts, revoked('2026-11-24T10:02:00.000Z'))
      expect(report.verdict, report.text('en')).toBe('proved')
    }
  })

  test('proves no delivery, outcome or erasure that no clock saw, or saw afterwards', async () => {
    const { dlv, out, era } = log.proofs
    const late = revoked('2026-11-24T10:02:00.000Z')
    expect(failures(await judge(changed({ deliveries: [untimed(dlv)], outcomes: [untimed(out)] }), late))).toEqual([
      expect.stringMatching(/^deliveries\/0001\.json: the log key was revoked/),
      expect.stringMatching(/^outcomes\/0001\.json: the log key was revoked/),
    ])
    expect(failures(await judge({ ...log.erased, erasure: untimed(era) }, late))).toEqual([
      expect.stringMatching(/^erasure\.json: the log key was revoked/),
    ])
    const before = failures(await judge(log.whole, revoked('2026-11-24T10:00:59.000Z')))
    expect(before).toContainEqual(expect.stringMatching(/^deliveries\/0002\.json: the log key was revoked/))
    expect(before).toContainEqual(expect.stringMatching(/^proof\.tlog-proof: the log key was revoked/))
  })

  test('proves no place of an erased document that no clock saw', async () => {
    const { checkpointTsr, ...parts } = log.erased
    expect(checkpointTsr).toBeDefined()
    expect(failures(await judge(parts, revoked('2026-11-24T10:02:00.000Z')))).toEqual([
      expect.stringMatching(/^proof\.tlog-proof: the log key was revoked/),
    ])
  })
})

describe('a container that contradicts itself is not proved', () => {
  const rewritten = (report: Report): boolean => {
    expect(report.verdict).toBe('not-proved')
    return report.text('en').includes('THE LOG WAS REWRITTEN')
  }

  test('by two roots of one size: of receipt and proof, or of the proof of an outcome', async () => {
    const { size } = log.whole.receipt.proof
    const { checkpointTsr, ...rest } = log.whole
    expect(checkpointTsr).toBeDefined()
    expect(rewritten(await judge({ ...rest, tlogProof: forged(rest.leaf, { index: 1, size }) }))).toBe(true)
    const { leaf } = log.proofs.out
    const other = { ...untimed(log.proofs.out), proof: forged(leaf, { index: 4, size }) }
    expect(rewritten(await judge(changed({ outcomes: [other] })))).toBe(true)
    const longer = { ...untimed(log.proofs.out), proof: forged(leaf, { index: 4, size: size + 1 }) }
    expect((await judge(changed({ outcomes: [longer] }))).verdict).toBe('proved')
  })

  test('by a step or an erasure that is older than its document', async () => {
    const older = 'the entry is older than the document that it is about'
    const at = (index: number): EntryProof => forgedEntry({}, { index, size: 20 })
    expect(failures(await judge(changed({ outcomes: [at(2)] })))).toEqual([])
    for (const index of [0, 1])
      expect(failures(await judge(changed({ outcomes: [at(index)] })))).toEqual([`outcomes/0001.json: ${older}`])
    const dated = (time: string): EntryProof => forgedEntry({ at: time }, { index: 5, size: 20 })
    expect(failures(await judge(changed({ outcomes: [dated('2026-11-24T09:59:31.000Z')] })))).toEqual([])
    expect(failures(await judge(changed({ outcomes: [dated('2026-11-24T09:59:30.999Z')] })))).toEqual([
      `outcomes/0001.json: ${older}`,
    ])
    const erasure = { ...untimed(log.proofs.era), proof: forged(log.proofs.era.leaf, { index: 0, size: 20 }) }
    expect(failures(await judge({ ...log.erased, erasure }))).toEqual([`erasure.json: ${older}`])
  })

  test('by files in another order than the one they are written in', async () => {
    for (const parts of [log.whole, log.erased]) {
      const files = filesOf(parts)
      for (let at = 1; at + 1 < files.length; at++) {
        const turned = [...files.slice(0, at), ...files.slice(at, at + 2).toReversed(), ...files.slice(at + 2)]
        const report = await judgeBytes(await zipOf(turned), log.trust)
        expect(failures(report), turned[at]?.name).toEqual([expect.stringMatching(/^c\.asice: /)])
        expect(report.text('en')).toContain('not in their order')
      }
      const short = files.filter(({ name }) => name !== readmeFile)
      expect((await judgeBytes(await zipOf(short), log.trust)).verdict).toBe('proved')
    }
  })
})
