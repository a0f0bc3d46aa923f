import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stampNow, verifyPath } from '@socle/gateway'
import {
  certificateId,
  type KeyRecord,
  openKeyList,
  parseTrust,
  parseVkey,
  type Problem,
  type Receipt,
  type Trust,
  verifyReceipt,
  verifyTimestamp,
} from '@socle/schemas'
import { afterAll, describe, expect, test } from 'vitest'
import { anAward, buyerSiret } from '../support/award.ts'
import { startHub, type TestHub } from '../support/hub.ts'
import { sealAuthority } from '../support/seal-authority.ts'
import { ask, entriesOf, join as joinHub, type Party, trustOf } from './party.ts'

const root = join(import.meta.dirname, '../../..')
const work = mkdtempSync(join(tmpdir(), 'socle-seals-'))
afterAll(() => rmSync(work, { recursive: true, force: true }))
const authority = sealAuthority()

function socle(
  data: string,
  ...parameters: readonly string[]
): { readonly status: number | null; readonly output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'gateway/bin/socle.mjs'), ...parameters], {
    env: { ...process.env, HUB_DATA: data },
    encoding: 'utf8',
    timeout: 30_000,
  })
  return { status, output: `${stdout}${stderr}` }
}

/** A data directory whose hub will seal under this key. */
function dataWith(name: string, pem: string): string {
  const data = join(work, name)
  mkdirSync(join(data, 'keys/trust'), { recursive: true })
  writeFileSync(join(data, 'keys/seal.pem'), pem, { mode: 0o600 })
  return data
}

const withList = async (hub: Pick<TestHub, 'url'>): Promise<Trust> => {
  const text = async (name: string): Promise<string> => (await ask(hub, `/log/${name}`)).text
  const [logVkey, sealCa, keys] = [await text('log.vkey'), await text('seal-ca.pem'), await text('keys.note')]
  return parseTrust({ logVkey, sealCa, keys })
}
const listOf = async (hub: Pick<TestHub, 'url'>): Promise<readonly KeyRecord[]> =>
  (await withList(hub)).keys?.keys ?? []
const refusalOf = async (party: Party): Promise<readonly [number, string]> => {
  const answer = await party.deposit('award', anAward())
  return [answer.status, answer.json<Problem>().code]
}
const ready = async (hub: TestHub): Promise<{ seal: { certificate: string; until: string; refused?: string } }> =>
  (await ask(hub, '/health/ready')).json()

test('a hub seals from a PKCS#12 file whose passphrase stands in another', async () => {
  const { pem, certificate } = authority.issue('Cachet en coffre')
  const data = dataWith('p12', pem)
  const keys = join(data, 'keys')
  const boxed = ['pkcs12', '-export', '-in', 'seal.pem', '-out', 'seal.p12', '-passout', 'pass:ouvre-toi']
  execFileSync('openssl', boxed, { cwd: keys, stdio: 'pipe' })
  rmSync(join(keys, 'seal.pem'))
  writeFileSync(join(data, 'passphrase'), 'ouvre-toi\n')
  const env = { HUB_SEAL_PASSPHRASE_FILE: join(data, 'passphrase') }
  await expect(startHub({}, { directory: data })).rejects.toThrow('needs HUB_SEAL_PASSPHRASE_FILE')
  await using hub = await startHub({}, { directory: data, env })
  const party = await joinHub(hub, 'profil-a', { buyers: [buyerSiret] })
  const receipt = await party.sent('award', anAward())
  expect(verifyReceipt(receipt, { trust: await withList(hub) }).verdict).toBe('proved')
  expect((await ready(hub)).seal).toEqual({
    certificate: certificateId(certificate),
    until: new Date(Date.parse(certificate.validTo) + 999).toISOString(),
  })
  expect(existsSync(join(keys, 'seal.pem'))).toBe(false)
})

test('a certificate revoked while the hub runs seals no more: 503, nothing recorded, and no start', async () => {
  const { pem, certificate } = authority.issue('Cachet révoqué')
  const data = dataWith('revoked', pem)
  const file = join(data, 'keys/trust/seal.crl')
  writeFileSync(file, authority.list([]))
  {
    await using hub = await startHub({}, { directory: data })
    const party = await joinHub(hub, 'profil-a', { buyers: [buyerSiret] })
    await party.sent('award', anAward())
    const before = (await entriesOf(hub)).length
    writeFileSync(file, authority.list([certificate]))
    // The hub looks by itself, every ten seconds.
    await expect
      .poll(async () => await refusalOf(party), { timeout: 45_000, interval: 500 })
      .toEqual([503, 'SEAL_REVOKED'])
    const accepted = (await entriesOf(hub)).length
    expect(await refusalOf(party)).toEqual([503, 'SEAL_REVOKED'])
    expect((await entriesOf(hub)).length).toBe(accepted)
    expect(accepted).toBeGreaterThanOrEqual(before)
    expect((await ready(hub)).seal.refused).toBe('SEAL_REVOKED')
    const metrics = (await ask(hub, '/metrics')).text
    expect(metrics).toMatch(/socle_failures_total\{what="seal"\} [1-9]/)
    expect(metrics).toMatch(/socle_seal_expires_seconds\{of="certificate"\} \d{8}/)
    expect(metrics).toMatch(/socle_seal_expires_seconds\{of="revocation-list"\} 60\d{4}/)
  }
  await expect(startHub({}, { directory: data })).rejects.toThrow(
    'Nothing can be sealed (SEAL_REVOKED): by its authority',
  )
  expect(socle(data, 'keys', 'check')).toMatchObject({ status: 1, output: expect.stringContaining('SEAL_REVOKED') })
}, 120_000)

test('a revocation list that is too old, or missing though named, is no reason to believe', async () => {
  const data = dataWith('stale', authority.issue('Cachet sans liste').pem)
  const file = join(data, 'keys/trust/seal.crl')
  const named = { HUB_SEAL_CRL: file }
  await expect(startHub({}, { directory: data, env: named })).rejects.toThrow('SEAL_UNCHECKED')
  writeFileSync(file, authority.list([], 2))
  let now = (): Date => new Date()
  await using hub = await startHub(
    { clock: () => now() },
    { directory: data, env: { ...named, HUB_SEAL_CRL_GRACE: '3600' } },
  )
  now = () => new Date(Date.now() + 2 * 86_400_000 + 1_800_000)
  const party = await joinHub(hub, 'profil-a', { buyers: [buyerSiret] })
  await party.sent('award', anAward())
  now = () => new Date(Date.now() + 2 * 86_400_000 + 3_601_000)
  const later = await joinHub(hub, 'profil-b', { buyers: [buyerSiret] })
  expect(await refusalOf(later)).toEqual([503, 'SEAL_UNCHECKED'])
  writeFileSync(file, authority.list([], 5))
  await hub.hub.sealer.look()
  await later.sent('award', anAward())
}, 60_000)

describe('a seal that changes', () => {
  const other = sealAuthority()
  const [first, second] = [authority.issue('Premier cachet'), other.issue('Second cachet')]
  const [firstId, secondId] = [certificateId(first.certificate), certificateId(second.certificate)]
  const data = dataWith('rotated', first.pem)
  const directory = join(data, 'keys')
  let receipts: readonly Receipt[] = []

  test('is announced in the log, and all that was sealed before and after is proved under one list', async () => {
    let ahead = 0
    await using hub = await startHub({ clock: () => new Date(Date.now() + ahead) }, { directory: data })
    const party = await joinHub(hub, 'profil-a', { buyers: [buyerSiret] })
    const before = await party.sent('award', anAward())
    expect((await listOf(hub)).filter(({ purpose }) => purpose === 'seal').map(({ id }) => id)).toEqual([firstId])

    writeFileSync(join(work, 'second.pem'), second.pem)
    const soon = new Date(Date.now() + 20_000).toISOString()
    expect(socle(data, 'keys', 'rotate', 'seal', '--from', join(work, 'second.pem'), '--at', soon).status).toBe(2)
    const said = socle(data, 'keys', 'rotate', 'seal')
    expect(said.output).toContain(secondId)
    expect(said.status).toBe(0)
    expect(socle(data, 'keys', 'rotate', 'seal')).toMatchObject({
      status: 2,
      output: expect.stringContaining('already'),
    })

    await hub.hub.sealer.look()
    // Verifiers are given the next authority before it has a turn, and nobody restarts for it.
    expect((await withList(hub)).sealAuthorities).toHaveLength(2)
    const meanwhile = await party.sent('award', anAward({ id: '2026-0002' }))
    ahead = 120_000
    const after = await party.sent('award', anAward({ id: '2026-0003' }))
    receipts = [before, meanwhile, after]
    expect(verifyReceipt(after, { trust: await withList(hub) }).verdict).toBe('proved')
    const entries = await entriesOf(hub, 'key')
    expect(entries.map(({ envelope }) => [envelope.type, envelope.key?.sha256])).toEqual([
      ['key-added', firstId],
      ['seal-rotated', secondId],
    ])
    const from = entries[1]?.envelope.key?.from ?? ''
    const seals = (await listOf(hub)).filter(({ purpose }) => purpose === 'seal')
    expect(seals).toMatchObject([
      { id: firstId, to: new Date(Date.parse(from) - 1).toISOString(), replacedBy: secondId },
      { id: secondId, from },
    ])
  }, 60_000)

  test('goes on with the files renamed and the old key gone, under both authorities', async () => {
    rmSync(join(directory, 'seal.pem'))
    writeFileSync(join(directory, 'seal.pem'), readFileSync(join(directory, 'seal-next.pem')), { mode: 0o600 })
    rmSync(join(directory, 'seal-next.pem'))
    await using hub = await startHub({ clock: () => new Date(Date.now() + 180_000) }, { directory: data })
    const party = await joinHub(hub, 'profil-b', { buyers: [buyerSiret] })
    receipts = [...receipts, await party.sent('award', anAward({ id: '2026-0004' }))]
    const trust = await withList(hub)
    expect(trust.sealAuthorities).toHaveLength(2)
    for (const receipt of receipts) {
      const { verdict, checks } = verifyReceipt(receipt, { trust })
      expect([verdict, checks.filter(({ result }) => result === 'failed')]).toEqual(['proved', []])
    }
    expect((await ready(hub)).seal.certificate).toBe(secondId)
  }, 60_000)

  test('and is revoked afterwards: what a stamped checkpoint shows to be older is proved, the rest is not', async () => {
    let revokedAt = ''
    await using hub = await startHub({ clock: () => new Date(Date.now() + 240_000) }, { directory: data })
    await stampNow(hub.hub)
    const [stamp] = await hub.hub.store.reader
      .selectFrom('checkpoints')
      .select(['note', 'token'])
      .where('token', 'is not', null)
      .orderBy('size', 'desc')
      .execute()
    const { timestampAuthorities } = await trustOf(hub)
    const token = stamp?.token ?? new Uint8Array()
    const { time, accuracyMs } = verifyTimestamp(token, Buffer.from(stamp?.note ?? ''), timestampAuthorities)
    const provenTime = new Date(time.getTime() + accuracyMs)
    const said = socle(data, 'keys', 'revoke', firstId, '--reason', 'keyCompromise')
    expect(said.output).toContain('révoquée au / revoked as of')
    expect(socle(data, 'keys', 'revoke', firstId, '--reason', 'keyCompromise').status).toBe(2)
    expect(socle(data, 'keys', 'revoke', 'ab'.repeat(32), '--reason', 'superseded').status).toBe(2)
    expect(socle(data, 'keys', 'revoke', secondId, '--reason', 'boredom').status).toBe(2)
    expect(socle(data, 'keys', 'list').output).toMatch(/révoquée au \/ revoked as of .*keyCompromise/)
    await hub.hub.sealer.look()
    const trust = await withList(hub)
    revokedAt = trust.keys?.keys.find(({ id }) => id === firstId)?.revokedAt ?? ''
    const verdicts = (when?: Date): readonly string[] =>
      receipts.map((receipt) => verifyReceipt(receipt, { trust, ...(when ? { provenTime: when } : {}) }).verdict)
    expect(verdicts()).toEqual(['not-proved', 'not-proved', 'proved', 'proved'])
    expect(verdicts(new Date(Date.parse(revokedAt) - 1))).toEqual(Array.from(receipts, () => 'proved'))
    // This hub's clock, and its stamps, are four minutes ahead of the command that revoked.
    expect(provenTime.getTime()).toBeGreaterThan(Date.parse(revokedAt))
    expect(verdicts(provenTime).slice(0, 2)).toEqual(['not-proved', 'not-proved'])

    const exported = join(work, 'exported')
    expect(socle(data, 'export', '--log', exported).status).toBe(0)
    const note = readFileSync(join(exported, 'keys.note'), 'utf8')
    const vkeys = readFileSync(join(exported, 'log.vkey'), 'utf8').trim().split('\n')
    expect(openKeyList(note, vkeys.map(parseVkey)).keys).toEqual(trust.keys?.keys)
    writeFileSync(join(work, 'old.json'), JSON.stringify(receipts[0]))
    const report = await verifyPath(join(work, 'old.json'), { trust: exported })
    expect(report.text('en')).toContain('the seal certificate was revoked as of')
    expect(report.verdict).toBe('not-proved')
  }, 90_000)

  test('behind the back of the log is refused, until it is announced', async () => {
    const third = authority.issue('Troisième cachet')
    const lost = dataWith('lost', first.pem)
    {
      await using hub = await startHub({}, { directory: lost })
      const party = await joinHub(hub, 'profil-a', { buyers: [buyerSiret] })
      await party.sent('award', anAward())
    }
    writeFileSync(join(lost, 'keys/seal.pem'), third.pem)
    await expect(startHub({}, { directory: lost })).rejects.toThrow(
      /last sealed by the certificate .*socle keys rotate seal/,
    )
    expect(socle(lost, 'keys', 'check').status).toBe(1)
    expect(socle(lost, 'keys', 'rotate', 'seal').status).toBe(0)
    await using hub = await startHub({ clock: () => new Date(Date.now() + 90_000) }, { directory: lost })
    const party = await joinHub(hub, 'profil-b', { buyers: [buyerSiret] })
    const receipt = await party.sent('award', anAward({ id: '2026-0002' }))
    expect(verifyReceipt(receipt, { trust: await withList(hub) }).verdict).toBe('proved')
  }, 60_000)
})

test('a container shows by its own timestamp that it is older than the revocation of its seal', async () => {
  const data = dataWith('shown', authority.issue('Cachet volé').pem)
  await using hub = await startHub({}, { directory: data })
  const party = await joinHub(hub, 'profil-a', { buyers: [buyerSiret] })
  const receipt = await party.sent('award', anAward())
  await stampNow(hub.hub)
  const late = await party.sent('award', anAward({ id: '2026-0002' }))
  const trust = join(work, 'trust')
  mkdirSync(trust)
  const verdictOf = async (id: string): Promise<readonly [string, boolean]> => {
    const file = join(work, `${id}.asice`)
    writeFileSync(file, (await party.ask(`/v1/documents/${id}/evidence`)).bytes)
    for (const name of ['log.vkey', 'seal-ca.pem', 'tsa-ca.pem', 'keys.note'])
      writeFileSync(join(trust, name), (await ask(hub, `/log/${name}`)).bytes)
    const report = await verifyPath(file, { trust })
    return [report.verdict, report.text('en').includes('was revoked as of')]
  }
  expect(await verdictOf(receipt.id)).toEqual(['proved', false])
  // As exact as the sandbox's clock says it is.
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  const { certificate } = (await ready(hub)).seal
  expect(socle(data, 'keys', 'revoke', certificate, '--reason', 'keyCompromise').status).toBe(0)
  await hub.hub.sealer.look()
  expect(await refusalOf(party)).toEqual([503, 'SEAL_REVOKED'])
  expect(await verdictOf(receipt.id)).toEqual(['proved', false])
  expect(await verdictOf(late.id)).toEqual(['not-proved', true])
  // So does the export of the log, with its tokens, for the receipts beside it.
  const exported = join(work, 'shown-export')
  expect(socle(data, 'export', '--log', exported).status).toBe(0)
  mkdirSync(join(exported, 'receipts'))
  writeFileSync(join(exported, 'receipts/early.json'), JSON.stringify(receipt))
  expect((await verifyPath(exported)).verdict).toBe('proved')
  writeFileSync(join(exported, 'receipts/late.json'), JSON.stringify(late))
  const report = await verifyPath(exported)
  expect(report.checks.filter(({ result }) => result === 'failed').map(({ place }) => place)).toEqual([
    'receipts/late.json',
  ])
}, 60_000)
