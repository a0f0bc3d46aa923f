import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test, vi } from 'vitest'
import {
  bytesOf,
  problem,
  recorded,
  recordedTrust,
  type Script,
  type ScriptedHub,
  startScriptedHub,
} from '../testing/scripted-hub.ts'
import { createHubClient } from './hub-client.ts'
import { openOutbox, type Outbox, type OutboxSettings } from './outbox.ts'
import { openReceiptStore, type ReceiptStore } from './receipt-store.ts'
import { keyFor } from './submit.ts'

const root = await mkdtemp(join(tmpdir(), 'connector-outbox-'))
afterAll(async () => await rm(root, { recursive: true, force: true }))

const [one, two, three] = recorded.accepted
const deposits = [one, two, three].map((deposit) => ({ kind: 'award', bytes: bytesOf(deposit) }) as const)

/** Answers each deposit with its own recorded receipt, as a hub that has it does: 201 the first time, then 200. */
function honest(): Script {
  const known = new Set<string>()
  return ({ headers, body }) => {
    const found = recorded.accepted.find((deposit) => bytesOf(deposit).equals(body))
    const key = String(headers['idempotency-key'])
    const status = known.has(key) ? 200 : 201
    known.add(key)
    return { status, body: found?.body }
  }
}

interface Place {
  readonly directory: string
  readonly receipts: ReceiptStore
}

async function place(): Promise<Place> {
  const directory = await mkdtemp(join(root, 'one-'))
  return { directory: join(directory, 'outbox'), receipts: await openReceiptStore(join(directory, 'receipts')) }
}

async function open(hub: ScriptedHub, place: Place, more: Partial<OutboxSettings> = {}): Promise<Outbox> {
  const access = { clientId: recorded.account, clientSecret: 'secret', trust: recordedTrust }
  const client = createHubClient({ url: hub.url, ...access, limits: { maxTries: 1 } })
  return await openOutbox({ ...place, client, ...more })
}

const waitingIn = async ({ directory }: Place): Promise<number> =>
  (await readdir(directory)).filter((name) => name.endsWith('.deposit')).length

test('deposits go in the order added, each leaves when its receipt is kept', async () => {
  await using hub = await startScriptedHub(honest())
  const here = await place()
  const outbox = await open(hub, here)
  for (const deposit of deposits) await outbox.add(deposit)
  expect(await waitingIn(here)).toBe(3)
  expect(await outbox.flush()).toEqual({ sent: 3, blocked: 0, left: 0 })
  expect(hub.requests.map(({ body }) => body)).toEqual(deposits.map(({ bytes }) => bytes))
  expect(await waitingIn(here)).toBe(0)
  for (const { kind, bytes } of deposits) expect(await here.receipts.find(keyFor(kind, bytes))).toBeDefined()
})

test('bytes that hold line ends, quotes and no text at all leave as they came', async () => {
  await using hub = await startScriptedHub(() => problem(403, 'MANDATE_MISSING'))
  const outbox = await open(hub, await place())
  const bytes = Buffer.from([0x0a, 0x00, 0xff, 0x22, 0x0a, 0x7b, 0x0d, 0x0a])
  await outbox.add({ kind: 'notice', bytes, key: 'k', buyer: '21690123100011', consultation: 'C 1', mediaType: 'a/b' })
  await outbox.flush()
  expect(hub.requests[0]).toMatchObject({
    path: '/v1/notices',
    body: bytes,
    headers: {
      'idempotency-key': 'k',
      'hub-buyer': '21690123100011',
      'hub-consultation': 'C 1',
      'content-type': 'a/b',
    },
  })
})

test('adding the same document again, waiting or concluded, adds nothing', async () => {
  await using hub = await startScriptedHub(honest())
  const here = await place()
  const outbox = await open(hub, here)
  const [deposit] = deposits
  if (!deposit) throw new Error('no deposit')
  const key = await outbox.add(deposit)
  expect(await outbox.add(deposit)).toBe(key)
  expect(await waitingIn(here)).toBe(1)
  await outbox.flush()
  await outbox.add(deposit)
  expect(await waitingIn(here)).toBe(0)
  const other = { ...deposit, bytes: Buffer.from('{}'), key }
  await expect(outbox.add(other)).rejects.toMatchObject({ code: 'KEY_REUSED' })
})

test('the same key for other bytes is refused while the first waits', async () => {
  await using hub = await startScriptedHub(honest())
  const outbox = await open(hub, await place())
  await outbox.add({ kind: 'award', bytes: bytesOf(one), key: 'k' })
  const other = { kind: 'award', bytes: bytesOf(two), key: 'k' } as const
  await expect(outbox.add(other)).rejects.toMatchObject({ code: 'KEY_REUSED' })
})

test.each(['before the receipt is kept', 'after it is kept', 'after it was told'])(
  'a connector that dies %s starts again with the same bytes and key',
  async (when) => {
    await using hub = await startScriptedHub(honest())
    const here = await place()
    const death = new Error('power cut')
    const dyingStore: ReceiptStore = {
      ...here.receipts,
      async put(kept) {
        if (when === 'before the receipt is kept') throw death
        await here.receipts.put(kept)
        if (when === 'after it is kept') throw death
      },
    }
    const onResult = async (): Promise<void> => {
      throw death
    }
    const [deposit] = deposits
    if (!deposit) throw new Error('no deposit')
    const first = await open(hub, { ...here, receipts: dyingStore }, { onResult })
    await first.add(deposit)
    await expect(first.flush()).rejects.toBe(death)

    const told: string[] = []
    const second = await open(hub, here, { onResult: async ({ key }) => void told.push(key) })
    expect(await second.flush()).toMatchObject({ sent: 1, left: 0 })
    expect(told).toEqual([keyFor('award', deposit.bytes)])
    const [before, after] = hub.requests
    expect(after?.body).toEqual(before?.body)
    expect(after?.headers['idempotency-key']).toBe(before?.headers['idempotency-key'])
    expect(await here.receipts.find(keyFor('award', deposit.bytes))).toMatchObject({ receipt: { id: one.body.id } })
  },
)

test('a hub that is away keeps everything waiting and the order unbroken', async () => {
  let away = true
  const answer = honest()
  await using hub = await startScriptedHub((request, index) => (away ? { status: 503 } : answer(request, index)))
  const here = await place()
  const outbox = await open(hub, here)
  for (const deposit of deposits) await outbox.add(deposit)
  expect(await outbox.flush()).toEqual({ sent: 0, blocked: 0, left: 3 })
  expect(hub.requests).toHaveLength(1)
  away = false
  expect(await outbox.flush()).toEqual({ sent: 3, blocked: 0, left: 0 })
  expect(hub.requests.slice(1).map(({ body }) => body)).toEqual(deposits.map(({ bytes }) => bytes))
})

test('what the hub will never take is set aside, told, and can be put back', async () => {
  let mandated = false
  const answer = honest()
  const script: Script = (request, index) =>
    !mandated && request.body.equals(bytesOf(two)) ? problem(403, 'MANDATE_MISSING') : answer(request, index)
  await using hub = await startScriptedHub(script)
  const here = await place()
  const told: string[] = []
  const outbox = await open(hub, here, { onBlocked: (key, { code }) => void told.push(`${key} ${code}`) })
  for (const deposit of deposits) await outbox.add(deposit)
  expect(await outbox.flush()).toEqual({ sent: 2, blocked: 1, left: 0 })
  expect(told).toEqual([`${keyFor('award', bytesOf(two))} FORBIDDEN`])
  await outbox.add({ kind: 'award', bytes: bytesOf(two) })
  expect(await outbox.flush()).toEqual({ sent: 0, blocked: 0, left: 0 })
  mandated = true
  expect(await outbox.unblock()).toBe(1)
  expect(await outbox.flush()).toEqual({ sent: 1, blocked: 0, left: 0 })
})

test('a wrong secret sets nothing aside and is loud', async () => {
  const refusing: Script = () => problem(401, 'CLIENT_INVALID')
  await using hub = await startScriptedHub(honest(), { script: refusing })
  const here = await place()
  const outbox = await open(hub, here)
  for (const deposit of deposits) await outbox.add(deposit)
  await expect(outbox.flush()).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
  expect(await waitingIn(here)).toBe(3)
})

test('a torn file is set aside and does not hold up the others', async () => {
  await using hub = await startScriptedHub(honest())
  const here = await place()
  const outbox = await open(hub, here)
  await writeFile(join(here.directory, '000000000000-x.deposit'), 'no head')
  await outbox.add({ kind: 'award', bytes: bytesOf(one) })
  expect(await outbox.flush()).toEqual({ sent: 1, blocked: 1, left: 0 })
})

test('running sends what is added later, comes back after failures, and ends with the signal', async () => {
  let away = true
  const answer = honest()
  await using hub = await startScriptedHub((request, index) => (away ? 'drop' : answer(request, index)))
  const here = await place()
  const stop = new AbortController()
  const waits: number[] = []
  const sleep = async (ms: number, signal?: AbortSignal): Promise<void> => {
    waits.push(ms)
    if (waits.length === 3) away = false
    if (ms < 60_000 || signal?.aborted === true) return
    await new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true }))
  }
  const outbox = await open(hub, here, { sleep })
  const running = outbox.run(stop.signal)
  for (const deposit of deposits) await outbox.add(deposit)
  await vi.waitFor(async () => expect(await waitingIn(here)).toBe(0), 5_000)
  expect(waits.filter((ms) => ms < 60_000)).toEqual(expect.arrayContaining([1_000]))
  stop.abort()
  await running
})
