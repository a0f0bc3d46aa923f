import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { collector, rawEvent } from '../testing/events.ts'
import { problem, recordedTrust, type Script, startScriptedHub } from '../testing/scripted-hub.ts'
import { type CursorFile, openCursorFile } from './cursor-file.ts'
import { type FeedOptions, readFeed } from './feed-reader.ts'
import { createHubClient, type HubClient } from './hub-client.ts'
import { openSeen } from './seen.ts'

const root = await mkdtemp(join(tmpdir(), 'connector-feed-'))
afterAll(async () => await rm(root, { recursive: true, force: true }))
const place = async (): Promise<string> => await mkdtemp(join(root, 'one-'))

function clientOf(url: string): HubClient {
  return createHubClient({ url, clientId: 'lecteur', clientSecret: 's', trust: recordedTrust, limits: { maxTries: 1 } })
}

/** A feed of `count` events whose cursors are `at-N`, in pages of the limit asked. */
function feedOf(count: number): Script {
  return ({ path }) => {
    const query = new URL(path, 'http://hub.invalid').searchParams
    const from = Number(query.get('after')?.slice('at-'.length) ?? 0)
    const to = Math.min(count, from + Number(query.get('limit')))
    const events = Array.from({ length: to - from }, (_, i) => rawEvent(from + i))
    return { status: 200, body: { events, next: `at-${to}` } }
  }
}

const afters = (requests: readonly { readonly path: string }[]): readonly (string | null)[] =>
  requests.map(({ path }) => new URL(path, 'http://hub.invalid').searchParams.get('after'))

async function options(cursorFile: CursorFile, more: Partial<FeedOptions>): Promise<FeedOptions> {
  return {
    cursorFile,
    kinds: ['award'],
    until: 'catch-up',
    limits: { pageSize: 3 },
    signal: new AbortController().signal,
    sleep: async () => undefined,
    handle: async () => undefined,
    ...more,
  }
}

test('every event is handled in order, and each page is acknowledged after its last event', async () => {
  await using hub = await startScriptedHub(feedOf(7))
  const cursorFile = await openCursorFile(join(await place(), 'cursor'))
  const { numbers, handle } = collector()
  await readFeed(clientOf(hub.url), await options(cursorFile, { handle }))
  expect(numbers).toEqual([0, 1, 2, 3, 4, 5, 6])
  expect(afters(hub.requests)).toEqual([null, 'at-3', 'at-6', 'at-7'])
  expect(await cursorFile.read()).toBe('at-7')
})

test('the cursor on disk never passes an event that is not handled', async () => {
  await using hub = await startScriptedHub(feedOf(7))
  const cursorFile = await openCursorFile(join(await place(), 'cursor'))
  const handle = async ({ hubseq }: { hubseq: number }): Promise<void> => {
    expect(await cursorFile.read()).toBe([undefined, 'at-3', 'at-6'][Math.floor(hubseq / 3)])
    if (hubseq === 4) throw new Error('disk full')
  }
  const reading = readFeed(clientOf(hub.url), await options(cursorFile, { handle }))
  await expect(reading).rejects.toThrow('disk full')
  expect(await cursorFile.read()).toBe('at-3')
})

test('an event whose handler fails is tried again before the next, a limited number of times', async () => {
  await using hub = await startScriptedHub(feedOf(3))
  const cursorFile = await openCursorFile(join(await place(), 'cursor'))
  const tried: number[] = []
  const handle = async ({ hubseq }: { hubseq: number }): Promise<void> => {
    tried.push(hubseq)
    if (hubseq === 1 && tried.length < 4) throw new Error('busy')
    if (hubseq === 2) throw new Error('never')
  }
  const reading = readFeed(clientOf(hub.url), await options(cursorFile, { handle, limits: { handlerTries: 3 } }))
  await expect(reading).rejects.toThrow('never')
  expect(tried).toEqual([0, 1, 1, 1, 2, 2, 2])
})

test('with its memory a reader that died repeats nothing, without it only the open page', async () => {
  await using hub = await startScriptedHub(feedOf(7))
  const directory = await place()
  const cursorFile = await openCursorFile(join(directory, 'cursor'))
  const read = async (dieAt: number, memory: boolean): Promise<number[]> => {
    const { numbers, handle } = collector()
    const seen = memory ? { seen: await openSeen(join(directory, 'seen')) } : {}
    const dying = async (event: Parameters<typeof handle>[0]): Promise<void> => {
      if (event.hubseq === dieAt) throw new Error('power cut')
      await handle(event)
    }
    const limits = { pageSize: 3, handlerTries: 1 }
    await readFeed(clientOf(hub.url), await options(cursorFile, { handle: dying, limits, ...seen })).catch(
      () => undefined,
    )
    return numbers
  }
  expect(await read(5, true)).toEqual([0, 1, 2, 3, 4])
  expect(await read(6, true)).toEqual([5])
  expect(await read(99, false)).toEqual([6])
})

test('a hub that is away is waited for as long as it takes', async () => {
  const feed = feedOf(2)
  await using hub = await startScriptedHub((request, index) => (index < 12 ? { status: 503 } : feed(request, index)))
  const cursorFile = await openCursorFile(join(await place(), 'cursor'))
  const { numbers, handle } = collector()
  const waits: number[] = []
  const sleep = async (ms: number): Promise<void> => void waits.push(ms)
  await readFeed(clientOf(hub.url), await options(cursorFile, { handle, sleep }))
  expect(numbers).toEqual([0, 1])
  expect(waits).toEqual([1, 2, 4, 8, 16, 30, 30, 30, 30, 30, 30, 30].map((seconds) => seconds * 1_000))
})

test.each([
  [409, 'CURSOR_FUTURE', 'FUTURE_CURSOR'],
  [410, 'CURSOR_OUTDATED', 'OUTDATED_CURSOR'],
  [403, 'SCOPE_MISSING', 'FORBIDDEN'],
])('%i %s stops the reading with %s, and the cursor stays', async (status, answer, code) => {
  await using hub = await startScriptedHub(() => problem(status, answer))
  const cursorFile = await openCursorFile(join(await place(), 'cursor'))
  await cursorFile.write('at-5')
  const reading = readFeed(clientOf(hub.url), await options(cursorFile, { until: 'follow' }))
  await expect(reading).rejects.toMatchObject({ code })
  expect(hub.requests).toHaveLength(1)
  expect(await cursorFile.read()).toBe('at-5')
})

test('a closed log is left for the new one when that was chosen, and its old numbers are forgotten', async () => {
  const feed = feedOf(2)
  const script: Script = (request, index) =>
    request.path.includes('after=old') ? problem(410, 'CURSOR_OUTDATED') : feed(request, index)
  await using hub = await startScriptedHub(script)
  const directory = await place()
  const cursorFile = await openCursorFile(join(directory, 'cursor'))
  const seen = await openSeen(join(directory, 'seen'))
  await cursorFile.write('old')
  await seen.mark({ source: 'urn:socle:sandbox', hubseq: 900 })
  const { numbers, handle } = collector()
  await readFeed(clientOf(hub.url), await options(cursorFile, { handle, seen, outdated: 'restart' }))
  expect(numbers).toEqual([0, 1])
})

test('the signal ends a long poll at once and without an error', async () => {
  await using hub = await startScriptedHub(() => ({ status: 200, body: { events: [], next: 'x' }, afterMs: 60_000 }))
  const cursorFile = await openCursorFile(join(await place(), 'cursor'))
  const stop = new AbortController()
  const reading = readFeed(clientOf(hub.url), await options(cursorFile, { until: 'follow', signal: stop.signal }))
  setTimeout(() => stop.abort(), 50)
  await reading
  expect(hub.requests).toHaveLength(1)
})
