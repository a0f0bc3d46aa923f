import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  createHubClient,
  createSimulatedArchive,
  createSimulatedProfile,
  type HubClient,
  HubClientError,
  keyFor,
  openCursorFile,
  openOutbox,
  openReceiptStore,
  openSeen,
  readFeed,
  recheck,
  reportOnce,
} from '@socle/connectors'
import { verifyPath } from '@socle/gateway'
import { request } from 'undici'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { anAward, buyerSiret } from '../support/award.ts'
import { startHub, type TestHub } from '../support/hub.ts'

const root = await mkdtemp(join(tmpdir(), 'socle-connectors-'))
const directory = async (): Promise<string> => await mkdtemp(join(root, 'one-'))
afterAll(async () => await rm(root, { recursive: true, force: true }))

const award = (id: string): Buffer => Buffer.from(anAward({ id }))
const notice = await readFile(join(import.meta.dirname, '../../../schemas/examples/documents/eforms-cn-16.xml'))
const patient = { timeout: 20_000, interval: 50 }

async function connect(hub: TestHub, id: string, receipts?: string): Promise<HubClient> {
  const account = await hub.account(id, { buyers: [buyerSiret] })
  const store = receipts === undefined ? {} : { receipts: await openReceiptStore(receipts) }
  return createHubClient({ url: hub.url, ...account, ...store, environment: 'sandbox' })
}

describe('a client of a real hub', () => {
  test('gets a proved receipt, the same at each replay, and finds it on disk', async () => {
    await using hub = await startHub()
    const receipts = await directory()
    await using client = await connect(hub, 'profil-a', receipts)
    const first = await client.submit('award', award('1'), { key: 'k1' })
    const again = await client.submit('award', award('1'), { key: 'k1' })
    expect(first).toMatchObject({ state: 'accepted', replayed: false })
    expect(again).toEqual({ ...first, replayed: true })
    expect(await recheck(receipts, await client.trust(), async () => award('1'))).toEqual({
      proved: 1,
      provedWithoutContent: 0,
      failures: [],
    })
    await expect(client.submit('award', award('2'), { key: 'k1' })).rejects.toMatchObject({ code: 'KEY_REUSED' })
  })

  test('learns every reason of a refusal, with a proved receipt of it, and the same when it rehearses', async () => {
    await using hub = await startHub()
    await using client = await connect(hub, 'profil-a')
    const wrong = Buffer.from(anAward().replace('2026-09-01', '2026-13-01').replace('77310000-6', '77310000-5'))
    const rehearsal = await client.dryRun('award', wrong)
    expect(rehearsal.verdict).toBe('refused')
    const submission = await client.submit('award', wrong, { key: 'k1' })
    expect(submission).toMatchObject({ state: 'refused', receipt: { state: 'refused' } })
    expect(submission.state === 'refused' && submission.findings).toEqual(rehearsal.findings)
    expect(rehearsal.findings.map(({ rule }) => rule)).toContain('HUB-DATE')
  })

  test('is told apart: no mandate, no such document, wrong secret, wrong environment', async () => {
    await using hub = await startHub()
    const stranger = await hub.account('profil-z')
    await using client = createHubClient({ url: hub.url, ...stranger })
    await expect(client.submit('award', award('1'), { key: 'k1' })).rejects.toMatchObject({ code: 'FORBIDDEN' })
    const unknown = '01a20fb3-3b0d-7723-ae0c-a1f43faf0009'
    await expect(client.timeline(unknown)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await using mistaken = createHubClient({ url: hub.url, ...stranger, clientSecret: 'guess' })
    await expect(mistaken.timeline(unknown)).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
    await using other = createHubClient({ url: hub.url, ...stranger, environment: 'production' })
    await expect(other.timeline(unknown)).rejects.toMatchObject({ code: 'WRONG_ENVIRONMENT' })
  })

  test('reads what another sent: bytes, receipt, evidence that verifies offline, and timelines', async () => {
    await using hub = await startHub()
    await using sender = await connect(hub, 'profil-a')
    await using reader = await connect(hub, 'lecteur')
    const { receipt } = await sender.submit('award', award('1'), { key: 'k1', consultation: 'C-1' })
    const content = await reader.content(receipt.id, receipt.envelope.content?.sha256)
    expect(content).toEqual(award('1'))
    expect(await reader.receipt(receipt.id, content)).toEqual(receipt)
    await expect(reader.content(receipt.id, '0'.repeat(64))).rejects.toMatchObject({ code: 'CONTENT_MISMATCH' })
    const place = await directory()
    await writeFile(join(place, 'evidence.asice'), await reader.evidence(receipt.id))
    await pinTrustOf(hub, place)
    expect((await verifyPath(join(place, 'evidence.asice'), { trust: place })).verdict).toBe('proved')
    expect(await reader.document(receipt.id)).toMatchObject({ kind: 'award', account: 'profil-a', consultation: 'C-1' })
    expect((await reader.timeline(receipt.id))[0]).toMatchObject({ state: 'recorded', by: 'profil-a' })
    expect(await reader.consultationTimeline('C-1')).toMatchObject([{ document: receipt.id, kind: 'award' }])
  })

  test('reports an outcome once although it is asked twice', async () => {
    await using hub = await startHub()
    await using sender = await connect(hub, 'profil-a')
    await using reader = await connect(hub, 'lecteur')
    const { receipt } = await sender.submit('award', award('1'), { key: 'k1' })
    const outcome = { result: 'integrated' } as const
    expect(await reportOnce(reader, receipt.id, outcome, { maybeReported: false })).toBe('reported')
    expect(await reportOnce(reader, receipt.id, outcome, { maybeReported: true })).toBe('already-reported')
    const steps = await sender.timeline(receipt.id)
    expect(steps.filter(({ state }) => state === 'concluded')).toHaveLength(1)
  })
})

describe('a reader of the feed', () => {
  test('gets each event once in effect over crashes of its handler, in the order of the log', async () => {
    await using hub = await startHub()
    await using sender = await connect(hub, 'profil-a')
    await using reader = await connect(hub, 'lecteur')
    const sent: string[] = []
    for (let i = 0; i < 25; i += 1)
      sent.push((await sender.submit('award', award(String(i)), { key: `k${i}` })).receipt.id)
    const place = await directory()
    const handled: string[] = []
    let crashes = 0
    const readOnce = async (failAt: number): Promise<void> => {
      let count = 0
      await readFeed(reader, {
        cursorFile: await openCursorFile(join(place, 'cursor')),
        seen: await openSeen(join(place, 'seen')),
        kinds: ['award'],
        until: 'catch-up',
        limits: { pageSize: 10, handlerTries: 1 },
        signal: new AbortController().signal,
        async handle(event) {
          if ((count += 1) > failAt) throw new Error('power cut')
          handled.push(event.document.id)
        },
      })
    }
    for (let left = true; left;) {
      left = await readOnce(7).then(
        () => false,
        () => true,
      )
      if (left) crashes += 1
    }
    expect(crashes).toBe(3)
    expect(handled).toEqual(sent)
    const steps = await sender.timeline(sent[24] ?? '')
    expect(steps.filter(({ state }) => state === 'delivered')).toMatchObject([{ by: 'lecteur', channel: 'feed' }])
  })

  test('waits for what comes, and a cursor of another hub stops it loudly', async () => {
    await using hub = await startHub()
    await using sender = await connect(hub, 'profil-a')
    await using reader = await connect(hub, 'lecteur')
    const place = await directory()
    const stop = new AbortController()
    const handled: string[] = []
    const cursorFile = await openCursorFile(join(place, 'cursor'))
    const reading = readFeed(reader, {
      cursorFile,
      kinds: ['award'],
      signal: stop.signal,
      handle: async (event) => void handled.push(event.document.id),
    })
    const { receipt } = await sender.submit('award', award('1'), { key: 'k1' })
    await vi.waitFor(() => expect(handled).toEqual([receipt.id]), patient)
    await vi.waitFor(async () => expect(await cursorFile.read()).toBeDefined(), patient)
    stop.abort()
    await reading

    await using another = await startHub({}, { env: { HUB_LOG_ORIGIN: 'ailleurs.invalid/sandbox/2026h2' } })
    await using lost = await connect(another, 'lecteur')
    const options = { cursorFile, kinds: ['award'] as const, signal: new AbortController().signal }
    const handle = async (): Promise<void> => undefined
    await expect(readFeed(lost, { ...options, handle })).rejects.toMatchObject({ code: 'OUTDATED_CURSOR' })
    await using shorter = await startHub()
    await using ahead = await connect(shorter, 'lecteur')
    await cursorFile.write(Buffer.from(forged(await cursorFile.read())).toString('base64url'))
    await expect(readFeed(ahead, { ...options, handle })).rejects.toMatchObject({ code: 'FUTURE_CURSOR' })
  })
})

/** The same log, far beyond its end: what a log restored from an old backup looks like to a reader. */
function forged(cursor: string | undefined): string {
  return Buffer.from(cursor ?? '', 'base64url')
    .toString('latin1')
    .replace(/\d+$/, '999999')
}

describe('an outbox', () => {
  test('sends everything once in effect although the connector dies between the hub and its disk', async () => {
    await using hub = await startHub()
    const place = await directory()
    await using client = await connect(hub, 'profil-a')
    const receipts = await openReceiptStore(join(place, 'receipts'))
    let submissions = 0
    const dying: Pick<HubClient, 'submit'> = {
      async submit(kind, bytes, options) {
        const submission = await client.submit(kind, bytes, options)
        if ((submissions += 1) % 2 === 1) throw new HubClientError('UNREACHABLE', { reason: 'died here' })
        return submission
      },
    }
    const before = hub.hub.events.registry.getSingleMetric('socle_documents_total')
    const open = async () => await openOutbox({ directory: join(place, 'outbox'), client: dying, receipts })
    const outbox = await open()
    for (let i = 0; i < 4; i += 1) await outbox.add({ kind: 'award', bytes: award(String(i)) })
    for (let left = 4; left > 0;) ({ left } = await (await open()).flush())
    expect(submissions).toBe(8)
    const recorded = (await before?.get())?.values.reduce((sum, { value }) => sum + value, 0)
    expect(recorded).toBe(4)
    for (let i = 0; i < 4; i += 1)
      expect(await receipts.find(keyFor('award', award(String(i))))).toMatchObject({ kind: 'award' })
  })
})

describe('simulated connectors', () => {
  test('a notice sent by one profile is shown by another, archived with its evidence, and all of it is told back', async () => {
    await using hub = await startHub()
    const [a, b, c] = [await directory(), await directory(), await directory()]
    await using clientA = await connect(hub, 'profil-a')
    await using clientB = await connect(hub, 'profil-b')
    await using clientC = await connect(hub, 'archive')
    await using profileA = await createSimulatedProfile({ name: 'A', client: clientA, directory: a })
    await using profileB = await createSimulatedProfile({ name: 'B', client: clientB, directory: b })
    await using archive = await createSimulatedArchive({ name: 'C', client: clientC, directory: c })

    const deposit = { kind: 'notice', bytes: notice, buyer: buyerSiret } as const
    expect(profileA.check(deposit).verdict).toBe('accepted')
    const { state, receipt } = await profileA.send(deposit)
    expect(state).toBe('accepted')
    await vi.waitFor(async () => expect(await profileB.published()).toEqual([receipt.id]), patient)
    await vi.waitFor(async () => expect(await readdir(join(a, 'outcomes'))).toHaveLength(2), patient)

    const concluded = (await clientA.timeline(receipt.id)).filter((step) => step.state === 'concluded')
    expect(concluded.map(({ by, result }) => `${by} ${result}`).sort()).toEqual([
      'archive archived',
      'profil-b published',
    ])
    const page = await request(concluded.find(({ result }) => result === 'published')?.url ?? '')
    expect(page.statusCode).toBe(200)
    expect(await page.body.text()).toContain(receipt.envelope.content?.sha256)
    const kept = archive.directoryOf(receipt.id)
    expect(await readFile(join(kept, 'document'))).toEqual(notice)
    const trust = await directory()
    await pinTrustOf(hub, trust)
    expect((await verifyPath(join(kept, 'evidence.asice'), { trust })).verdict).toBe('proved')
    expect(await profileA.published()).toEqual([])
  })

  test('a profile that was stopped goes on where it stood: nothing twice, nothing lost', async () => {
    await using hub = await startHub()
    const place = await directory()
    await using sender = await connect(hub, 'profil-a')
    await using client = await connect(hub, 'profil-b')
    const ids: string[] = []
    const send = async (): Promise<void> => {
      const bytes = award(`2026-${ids.length}`)
      const { state, receipt } = await sender.submit('award', bytes, { key: keyFor('award', bytes) })
      expect(state).toBe('accepted')
      ids.push(receipt.id)
    }
    const start = async (by: 'webhook' | 'feed') =>
      await createSimulatedProfile({ name: 'B', client, directory: place, by, pagePort: 0, webhookPort: 0 })
    await send()
    for (const by of ['webhook', 'webhook', 'feed', 'webhook'] as const) {
      await using profile = await start(by)
      await send()
      await vi.waitFor(async () => expect(await profile.published()).toHaveLength(ids.length), patient)
      await vi.waitFor(async () => expect(await concludedOf(sender, ids.at(-1))).toHaveLength(1), patient)
    }
    await send()
    await using profile = await start('webhook')
    await vi.waitFor(async () => expect(await profile.published()).toEqual([...ids].sort()), patient)
    await vi.waitFor(async () => expect(await concludedOf(sender, ids.at(-1))).toHaveLength(1), patient)
    for (const id of ids) expect(await concludedOf(sender, id)).toHaveLength(1)
    expect(await client.subscriptions()).toHaveLength(1)
  })
})

async function concludedOf(client: HubClient, id: string | undefined) {
  return (await client.timeline(id ?? '')).filter(({ state }) => state === 'concluded')
}

async function pinTrustOf(hub: TestHub, place: string): Promise<void> {
  for (const name of ['log.vkey', 'seal-ca.pem', 'tsa-ca.pem'])
    await writeFile(join(place, name), await (await request(`${hub.url}/log/${name}`)).body.text())
}
