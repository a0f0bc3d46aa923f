import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateKeyPairSync } from 'node:crypto'
import { makeVkey, parseTrust } from '@socle/schemas'
import { afterAll, describe, expect, test } from 'vitest'
import { bytesOf, problem, recorded, recordedTrust, type Script, startScriptedHub } from '../testing/scripted-hub.ts'
import { createHubClient, type HubClient, type HubClientSettings } from './hub-client.ts'
import { openReceiptStore } from './receipt-store.ts'

const root = await mkdtemp(join(tmpdir(), 'connector-submit-'))
afterAll(async () => await rm(root, { recursive: true, force: true }))

const [one, two] = recorded.accepted
const created = { status: 201, body: one.body }

/** A clock that only waiting moves. */
function stillTime() {
  let now = Date.parse('2026-11-24T10:00:00Z')
  const waits: number[] = []
  return {
    waits,
    clock: () => new Date(now),
    random: () => 0.5,
    sleep: async (ms: number) => {
      waits.push(ms)
      now += ms
    },
  }
}

function clientOf(url: string, more: Partial<HubClientSettings> = {}): HubClient {
  const { clock, random, sleep } = stillTime()
  const access = { clientId: recorded.account, clientSecret: 'secret', trust: recordedTrust }
  return createHubClient({ url, ...access, clock, random, sleep, ...more })
}

/** Plays the answers in turn; the last one for ever. */
function inTurn(...answers: readonly ReturnType<Script>[]): Script {
  return (_request, index) => answers[Math.min(index, answers.length - 1)] ?? 'drop'
}

const submitOne = async (client: HubClient) => await client.submit('award', bytesOf(one), { key: 'k1' })

describe('a deposit is sent again, the same bytes under the same key', () => {
  test.each([
    ['500', problem(500, 'INTERNAL')],
    ['503 while the store is away', problem(503, 'STORE_UNAVAILABLE')],
    ['408', { status: 408 }],
    ['429', { status: 429 }],
    ['502 of a proxy', { status: 502, body: '<html>bad gateway</html>' }],
    ['a dropped connection', 'drop' as const],
  ])('after %s', async (_name, setback) => {
    await using hub = await startScriptedHub(inTurn(setback, setback, created))
    await using client = clientOf(hub.url)
    expect(await submitOne(client)).toEqual({ state: 'accepted', receipt: one.body, replayed: false })
    expect(hub.requests).toHaveLength(3)
    for (const { headers, body } of hub.requests) {
      expect(headers['idempotency-key']).toBe('k1')
      expect(body).toEqual(bytesOf(one))
    }
  })

  test('after an answer that does not come in time', async () => {
    await using hub = await startScriptedHub(inTurn({ ...created, afterMs: 2_000 }, { status: 200, body: one.body }))
    await using client = clientOf(hub.url, { limits: { tryMs: 300 } })
    expect(await submitOne(client)).toMatchObject({ state: 'accepted', replayed: true })
  })

  test('and never more often than the limit', async () => {
    await using hub = await startScriptedHub(inTurn(problem(500, 'INTERNAL')))
    await using client = clientOf(hub.url, { limits: { maxTries: 4 } })
    await expect(submitOne(client)).rejects.toMatchObject({ code: 'UNAVAILABLE', curable: true })
    expect(hub.requests).toHaveLength(4)
  })

  test('and never longer than the limit', async () => {
    const time = stillTime()
    await using hub = await startScriptedHub(inTurn(problem(500, 'INTERNAL')))
    await using client = clientOf(hub.url, { ...time, limits: { maxTries: 1_000, totalMs: 60_000 } })
    await expect(submitOne(client)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    expect(time.waits.reduce((sum, ms) => sum + ms)).toBeLessThan(60_000)
    expect(hub.requests.length).toBeGreaterThan(5)
  })

  test('not before the time that the hub asked for', async () => {
    const time = stillTime()
    const busy = problem(503, 'OVERLOADED')
    await using hub = await startScriptedHub(inTurn({ ...busy, headers: { 'retry-after': '7' } }, created))
    await using client = clientOf(hub.url, time)
    await submitOne(client)
    expect(time.waits).toEqual([7_000])
  })

  test('not at all when the hub asks for more time than the call has, and the caller learns how long', async () => {
    await using hub = await startScriptedHub(inTurn({ status: 429, headers: { 'retry-after': '3600' } }, created))
    await using client = clientOf(hub.url)
    await expect(submitOne(client)).rejects.toMatchObject({ details: { retryAfterMs: 3_600_000 } })
    expect(hub.requests).toHaveLength(1)
  })

  test('not once the caller has stopped it', async () => {
    await using hub = await startScriptedHub(inTurn(problem(500, 'INTERNAL')))
    const stop = new AbortController()
    await using client = clientOf(hub.url, { sleep: async () => stop.abort() })
    const submission = client.submit('award', bytesOf(one), { key: 'k1', signal: stop.signal })
    await expect(submission).rejects.toMatchObject({ code: 'ABORTED' })
    expect(hub.requests).toHaveLength(1)
  })
})

describe('what no repetition cures is not repeated', () => {
  test.each([
    [problem(400, 'HEADER_INVALID'), 'REQUEST_REFUSED'],
    [problem(403, 'MANDATE_MISSING'), 'FORBIDDEN'],
    [problem(409, 'KEY_REUSED'), 'KEY_REUSED'],
    [problem(413, 'BODY_TOO_LARGE'), 'REQUEST_REFUSED'],
    [problem(422, 'DOCUMENT_REFUSED'), 'REQUEST_REFUSED'],
    [{ status: 404, body: 'not here' }, 'ANSWER_INVALID'],
    [{ status: 302, headers: { location: 'http://127.0.0.1:1/' } }, 'ANSWER_INVALID'],
    [{ status: 201, body: '<html>hello</html>' }, 'ANSWER_INVALID'],
  ])('%o', async (answer, code) => {
    await using hub = await startScriptedHub(inTurn(answer))
    await using client = clientOf(hub.url)
    await expect(submitOne(client)).rejects.toMatchObject({ code, curable: false })
    expect(hub.requests).toHaveLength(1)
  })

  test('an answer beyond the limit is cut off', async () => {
    await using hub = await startScriptedHub(inTurn({ status: 201, body: 'x'.repeat(20_000) }))
    await using client = clientOf(hub.url, { limits: { maxAnswerBytes: 10_000 } })
    await expect(submitOne(client)).rejects.toMatchObject({ code: 'ANSWER_INVALID' })
  })
})

describe('a receipt counts only when it is proved', () => {
  const altered = (change: object): object => ({ ...one.body, ...change })
  test.each([
    ['of another document', two.body],
    ['of another account for its own bytes', recorded.ofAnother.body],
    ['of a refusal, given as an acceptance', recorded.refused.body.receipt],
    ['with another id', altered({ id: two.body.id })],
    ['with another place in the log', altered({ proof: { ...one.body.proof, index: 0 } })],
    ['with the checkpoint of another moment', altered({ checkpoint: two.body.checkpoint })],
    ['with the seal of another document', altered({ seal: two.body.seal })],
    ['with one more member', altered({ note: 'x' })],
    ['without a proof', altered({ proof: undefined })],
    ['that is none', { ok: true }],
  ])('%s is refused, and nothing is kept', async (_name, body) => {
    await using hub = await startScriptedHub(inTurn({ status: 201, body }))
    const receipts = await openReceiptStore(await mkdtemp(join(root, 'none-')))
    await using client = clientOf(hub.url, { receipts })
    const bytes = body === recorded.ofAnother.body ? bytesOf(recorded.ofAnother) : bytesOf(one)
    await expect(client.submit('award', bytes, { key: 'k1' })).rejects.toMatchObject({ code: 'NOT_PROVED' })
    expect(await receipts.find('k1')).toBeUndefined()
    expect(await readdir(receipts.directory)).toEqual(['keys'])
  })

  test('for bytes that differ by one, it is refused', async () => {
    await using hub = await startScriptedHub(inTurn(created))
    await using client = clientOf(hub.url)
    const bytes = bytesOf(one)
    bytes[10] = (bytes[10] ?? 0) ^ 1
    await expect(client.submit('award', bytes, { key: 'k1' })).rejects.toMatchObject({ code: 'NOT_PROVED' })
  })

  test('of a log with another key, it is refused', async () => {
    await using hub = await startScriptedHub(inTurn(created))
    const { publicKey } = generateKeyPairSync('ed25519')
    const name = recorded.trust.logVkey.split('+')[0] ?? ''
    const trust = parseTrust({ ...recorded.trust, logVkey: makeVkey(name, publicKey) })
    await using client = clientOf(hub.url, { trust })
    await expect(submitOne(client)).rejects.toMatchObject({ code: 'NOT_PROVED' })
  })

  test('of a refusal, it comes with every finding and is kept', async () => {
    await using hub = await startScriptedHub(inTurn({ status: 422, body: recorded.refused.body }))
    const receipts = await openReceiptStore(await mkdtemp(join(root, 'refused-')))
    await using client = clientOf(hub.url, { receipts })
    const submission = await client.submit('award', bytesOf(recorded.refused), { key: 'k1' })
    expect(submission).toMatchObject({ state: 'refused', findings: [{ rule: 'HUB-DATE', severity: 'reject' }] })
    expect(await receipts.find('k1')).toEqual({ key: 'k1', kind: 'award', receipt: submission.receipt })
  })

  test('is on disk when submit resolves; when it cannot be kept, submit does not resolve', async () => {
    await using hub = await startScriptedHub(inTurn(created))
    const directory = await mkdtemp(join(root, 'kept-'))
    const receipts = await openReceiptStore(directory)
    await using client = clientOf(hub.url, { receipts })
    await submitOne(client)
    expect(await readdir(directory)).toEqual([`${one.body.id}.receipt.json`, 'keys'])
    await rm(directory, { recursive: true })
    await expect(submitOne(client)).rejects.toThrow('ENOENT')
  })
})
