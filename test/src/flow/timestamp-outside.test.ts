import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ConfigError, readConfig, stampNow, wire } from '@socle/gateway'
import { parseCertificates, verifyReceipt, verifyTimestamp } from '@socle/schemas'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { startTsa, type Tsa, type TsaMode } from '../servers/tsa.ts'
import { anAward, buyerSiret } from '../support/award.ts'
import { startHub, type TestHub } from '../support/hub.ts'
import { productionDirectory, productionSettings } from '../support/production-time.ts'
import { aResponse } from './documents.ts'
import { ask, entriesOf, join as joinHub, type Party, trustOf } from './party.ts'

const patient = { timeout: 15_000, interval: 50 }
const created: string[] = []
afterAll(async () => await Promise.all(created.map(async (path) => await rm(path, { recursive: true, force: true }))))

async function provided(...authorities: readonly Tsa[]): Promise<string> {
  const directory = await productionDirectory(...authorities)
  created.push(directory)
  return directory
}

async function start(authorities: readonly Tsa[], more: Readonly<Record<string, string>> = {}): Promise<TestHub> {
  return await startHub({}, { directory: await provided(...authorities), env: productionSettings(authorities, more) })
}

async function tokensOf({ hub }: TestHub): Promise<readonly { note: string; token: Uint8Array }[]> {
  const rows = await hub.store.reader.selectFrom('checkpoints').selectAll().orderBy('size').execute()
  return rows.flatMap(({ note, token }) => (token ? [{ note, token }] : []))
}

const metric = async (hub: TestHub, name: string): Promise<number> =>
  Number(new RegExp(`^${name} (\\S+)$`, 'm').exec((await ask(hub, '/metrics')).text)?.[1] ?? Number.NaN)

const sent = async (party: Party, id: string): Promise<number> => (await party.deposit('award', anAward({ id }))).status

describe('production', () => {
  test('starts with provided keys and an outside authority, answers a deposit, and stamps it by that authority', async () => {
    await using tsa = await startTsa()
    await using hub = await start([tsa])
    const sender = await joinHub(hub, 'profil-a', { buyers: [buyerSiret] })
    const receipt = await sender.sent('award', anAward())
    expect(receipt.environment).toBe('production')
    const trust = await trustOf(hub)
    expect(verifyReceipt(receipt, { trust, content: Buffer.from(anAward()) }).verdict).toBe('proved')
    expect(await stampNow(hub.hub)).toBe(receipt.proof.size)
    const [stamped] = await tokensOf(hub)
    const stamp = verifyTimestamp(
      stamped?.token ?? Buffer.of(),
      Buffer.from(stamped?.note ?? ''),
      trust.timestampAuthorities,
    )
    expect(stamp.policy).toBe(tsa.policy)
    const rows = await hub.hub.store.reader.selectFrom('time_tokens').selectAll().execute()
    expect(rows).toEqual([
      {
        idx: receipt.proof.size,
        size: receipt.proof.size,
        signer: stamp.certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
        serial: stamp.serial,
        gen_time: stamp.time.toISOString(),
        accuracy_ms: 1_000,
      },
    ])
  })

  test('does not start without, and says everything that is missing at once', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'socle-time-'))
    created.push(directory)
    const refusal = await wire(readConfig({ HUB_ENVIRONMENT: 'production', HUB_DATA: directory })).then(
      () => 'it started',
      (error: ConfigError) => error.message,
    )
    for (const missing of ['HUB_TSA_URLS', 'log.key', 'token.key', 'storage.key', 'seal.pem', 'trust/tsa-ca.pem'])
      expect(refusal).toContain(missing)
  })

  test('does not start with an anchor whose certificate nobody could fetch', async () => {
    await using tsa = await startTsa()
    const env = productionSettings([tsa], { HUB_TSA_ANCHORS: 'ab'.repeat(32), HUB_DATA: await provided(tsa) })
    await expect(wire(readConfig(env))).rejects.toThrow(/HUB_TSA_ANCHORS: no certificate.*abab/)
  })

  test.each([
    [{ HUB_TSA_URLS: 'ftp://heure.example', HUB_TSA_POLICIES: '1.2.3' }, 'HUB_TSA_URLS must be http'],
    [{ HUB_TSA_URLS: 'https://user:geheim@' }, 'HUB_TSA_URLS and HUB_TSA_POLICIES go together'],
    [{ HUB_TSA_POLICIES: '1.2.x' }, 'HUB_TSA_POLICIES must be object identifiers'],
    [{ HUB_TSA_URLS: 'http://a,http://b', HUB_TSA_ANCHORS: 'ab' }, 'one fingerprint for each'],
    [{ HUB_TSA_OUTAGE: '0' }, 'HUB_TSA_OUTAGE must be an integer'],
  ])('refuses %j, and repeats no password', (env, problem) => {
    expect(() => readConfig(env)).toThrow(problem)
    expect(() => readConfig(env)).not.toThrow('geheim')
  })
})

describe('an authority gone wrong', () => {
  test.each<TsaMode>([
    'http-500',
    'silent',
    'wrong-nonce',
    'wrong-imprint',
    'wrong-policy',
    'no-eku',
    'wrong-ess',
    'old-time',
    'truncated',
    'huge',
  ])('(%s) gets no token into the log, holds up no deposit, and is told', async (mode) => {
    await using tsa = await startTsa({ mode })
    await using hub = await start([tsa])
    const sender = await joinHub(hub, 'profil-a', { buyers: [buyerSiret] })
    const receipt = await sender.sent('award', anAward())
    await expect(stampNow(hub.hub)).rejects.toThrow('no good timestamp')
    expect(await sent(sender, 'DURING')).toBe(201)
    expect(await tokensOf(hub)).toEqual([])
    expect(await entriesOf(hub, 'ts')).toEqual([])
    const { steps } = (await sender.ask(`/v1/documents/${receipt.id}/timeline`)).json<{ steps: { state: string }[] }>()
    expect(steps.map(({ state }) => state)).not.toContain('timestamped')
    expect(await metric(hub, String.raw`socle_failures_total\{what="timestamp-authority"\}`)).toBe(1)
    tsa.mode = 'good'
    expect(await stampNow(hub.hub)).toBe(receipt.proof.size + 1)
    expect(await tokensOf(hub)).toHaveLength(1)
  })

  test('is not believed when it goes back in time, or gives a serial twice', async () => {
    await using tsa = await startTsa({ mode: 'same-serial' })
    await using hub = await start([tsa], { HUB_TSA_WINDOW: '3600' })
    const sender = await joinHub(hub, 'profil-a', { buyers: [buyerSiret] })
    await sender.sent('award', anAward())
    await stampNow(hub.hub)
    await sender.sent('award', anAward({ id: 'SECOND' }))
    await expect(stampNow(hub.hub)).rejects.toThrow(/serial 410+, which its signer gave before/)
    tsa.mode = 'good'
    tsa.ahead = -60
    await expect(stampNow(hub.hub)).rejects.toThrow('before the one logged last')
    expect(await tokensOf(hub)).toHaveLength(1)
    tsa.ahead = 12
    await stampNow(hub.hub)
    expect(await tokensOf(hub)).toHaveLength(2)
    expect(await metric(hub, 'socle_clock_drift_seconds')).toBeGreaterThan(9)
    expect(await metric(hub, String.raw`socle_failures_total\{what="clock"\}`)).toBe(1)
  })

  test('is replaced by the next one, and each answers for itself alone', async () => {
    await using first = await startTsa()
    await using second = await startTsa()
    const print = ({ ca }: Tsa): string => parseCertificates(ca)[0]?.fingerprint256 ?? ''
    await using hub = await start([first, second], { HUB_TSA_ANCHORS: [first, second].map(print).join() })
    const sender = await joinHub(hub, 'profil-a', { buyers: [buyerSiret] })
    await sender.sent('award', anAward())
    first.mode = 'wrong-ess'
    await stampNow(hub.hub)
    const [row] = await hub.hub.store.reader.selectFrom('time_tokens').select('signer').execute()
    const [stamped] = await tokensOf(hub)
    const { certificate } = verifyTimestamp(
      stamped?.token ?? Buffer.of(),
      Buffer.from(stamped?.note ?? ''),
      parseCertificates(second.ca),
    )
    expect(row?.signer).toBe(certificate.fingerprint256.replaceAll(':', '').toLowerCase())
    expect([first.asked, second.asked]).toEqual([1, 1])
  })
})

describe('without any outside time', () => {
  test('documents are accepted, then those with a deadline are refused, then all, until one token covers what waits', async () => {
    await using tsa = await startTsa({ mode: 'http-500' })
    const patience = { HUB_TIMESTAMP_EVERY: '1', HUB_TSA_OUTAGE: '8', HUB_TSA_OUTAGE_URGENT: '2' }
    await using hub = await start([tsa], patience)
    const sender = await joinHub(hub, 'profil-a', { buyers: [buyerSiret] })
    let tries = 0
    // The rules of e-DUME are made ready before the clock runs.
    await sender.deposit('dume-response', aResponse('READY'), { query: '?dryRun=true' })
    const first = await sender.deposit('award', anAward({ id: 'FIRST' }), { key: 'the-first' })
    expect(first.status).toBe(201)
    await vi.waitFor(async () => {
      const urgent = await sender.deposit('dume-response', aResponse(`U-${tries++}`))
      expect(urgent.status).toBe(503)
    }, patient)
    expect(await sent(sender, 'STILL'), 'the others may wait longer').toBe(201)
    await vi.waitFor(async () => expect(await sent(sender, `A-${tries++}`)).toBe(503), patient)
    const refused = await sender.deposit('award', anAward({ id: 'REFUSED' }))
    expect(refused.headers.get('retry-after')).toBe('60')
    expect(refused.json()).toMatchObject({ code: 'TIME_UNAVAILABLE', environment: 'production' })
    expect((await sender.deposit('award', anAward({ id: 'FIRST' }), { key: 'the-first' })).text).toBe(first.text)
    expect((await sender.deposit('award', anAward({ id: 'TRIED' }), { query: '?dryRun=true' })).status).toBe(200)
    expect(await metric(hub, 'socle_unstamped_seconds')).toBeGreaterThan(8)
    expect(await tokensOf(hub)).toEqual([])
    tsa.mode = 'good'
    await vi.waitFor(async () => expect(await sent(sender, `B-${tries++}`)).toBe(201), patient)
    const size = (await ask(hub, '/health/ready')).json<{ log: { stamped: number } }>().log.stamped
    expect(size).toBeGreaterThan(first.json<{ proof: { index: number } }>().proof.index)
  })

  test('a hub that starts again after the outage stamps what waits before it refuses anything', async () => {
    await using tsa = await startTsa({ mode: 'http-500' })
    const directory = await provided(tsa)
    const env = productionSettings([tsa], { HUB_TIMESTAMP_EVERY: '3', HUB_TSA_OUTAGE: '1' })
    const before = await startHub({}, { directory, env })
    const sender = await joinHub(before, 'profil-a', { buyers: [buyerSiret] })
    await sender.sent('award', anAward())
    await before[Symbol.asyncDispose]()
    await new Promise((resolve) => setTimeout(resolve, 5_000))
    tsa.mode = 'good'
    await using after = await startHub({}, { directory, env })
    await vi.waitFor(async () => expect(await tokensOf(after)).toHaveLength(1), { timeout: 2_000, interval: 20 })
    expect(await metric(after, 'socle_unstamped_seconds')).toBe(0)
  })
})
