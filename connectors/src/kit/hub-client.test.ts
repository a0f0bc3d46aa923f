import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeVkey } from '@socle/schemas'
import { afterAll, describe, expect, test } from 'vitest'
import { bytesOf, problem, recorded, recordedTrust, type Script, startScriptedHub } from '../testing/scripted-hub.ts'
import { createHubClient, type HubClient, type HubClientSettings } from './hub-client.ts'
import { reportOnce } from './report-once.ts'

const root = await mkdtemp(join(tmpdir(), 'connector-client-'))
afterAll(async () => await rm(root, { recursive: true, force: true }))

const id = '01a20fb3-3b0d-7723-ae0c-a1f43faf0009'
const steps = { status: 200, body: { document: id, steps: [] } }

function clientOf(url: string, more: Partial<HubClientSettings> = {}): HubClient {
  const sleep = async (): Promise<void> => undefined
  return createHubClient({
    url,
    clientId: recorded.account,
    clientSecret: 'secret',
    trust: recordedTrust,
    sleep,
    ...more,
  })
}

describe('tokens', () => {
  test('one serves many calls, also those that begin together', async () => {
    await using hub = await startScriptedHub(() => steps)
    await using client = clientOf(hub.url)
    await Promise.all(Array.from({ length: 20 }, async () => await client.timeline(id)))
    expect(hub.tokensGiven()).toBe(1)
    expect(new Set(hub.requests.map(({ headers }) => headers.authorization))).toEqual(new Set(['Bearer token-1']))
  })

  test('is renewed before it ends', async () => {
    let now = Date.parse('2026-11-24T10:00:00Z')
    await using hub = await startScriptedHub(() => steps, { expiresIn: 600 })
    await using client = clientOf(hub.url, { clock: () => new Date(now) })
    const after = async (seconds: number): Promise<number> => {
      now += seconds * 1_000
      await client.timeline(id)
      return hub.tokensGiven()
    }
    expect([await after(0), await after(569), await after(2)]).toEqual([1, 1, 2])
  })

  test('is renewed once when the hub refuses it', async () => {
    const script: Script = ({ headers }) =>
      headers.authorization === 'Bearer token-1' ? problem(401, 'TOKEN_INVALID') : steps
    await using hub = await startScriptedHub(script)
    await using client = clientOf(hub.url)
    expect(await client.timeline(id)).toEqual([])
    expect(hub.tokensGiven()).toBe(2)
  })

  test('is not asked for without end when the hub refuses every one', async () => {
    await using hub = await startScriptedHub(() => problem(401, 'TOKEN_INVALID'))
    await using client = clientOf(hub.url)
    await expect(client.timeline(id)).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
    expect(hub.requests).toHaveLength(2)
  })

  test('is waited for when the hub is busy', async () => {
    const busy: Script = (_request, index) => (index === 0 ? { status: 503 } : tokenAnswer)
    await using hub = await startScriptedHub(() => steps, { script: busy })
    await using client = clientOf(hub.url)
    expect(await client.timeline(id)).toEqual([])
  })

  test('of another environment stops everything before a document leaves', async () => {
    await using hub = await startScriptedHub(() => steps)
    await using client = clientOf(hub.url, { environment: 'production' })
    const submission = client.submit('award', bytesOf(recorded.accepted[0]), { key: 'k' })
    await expect(submission).rejects.toMatchObject({ code: 'WRONG_ENVIRONMENT' })
    expect(hub.requests).toEqual([])
  })

  test('never follows a redirect to another host', async () => {
    await using thief = await startScriptedHub(() => steps)
    await using hub = await startScriptedHub(({ path }) => ({ status: 307, headers: { location: thief.url + path } }))
    await using client = clientOf(hub.url)
    await expect(client.timeline(id)).rejects.toMatchObject({ code: 'ANSWER_INVALID' })
    expect(thief.requests).toEqual([])
  })
})

const tokenAnswer = {
  status: 200,
  body: { access_token: 'token-x', expires_in: 3_600, environment: 'sandbox' },
}

describe('an outcome, which the hub records as often as it gets it', () => {
  const outcome = { result: 'archived' } as const
  const done = { status: 201, body: { id, index: 7 } }

  test('is not sent again when the hub may have it', async () => {
    await using hub = await startScriptedHub(() => 'drop')
    await using client = clientOf(hub.url)
    await expect(client.reportOutcome(id, outcome)).rejects.toMatchObject({ code: 'UNREACHABLE' })
    expect(hub.requests).toHaveLength(1)
  })

  test('is sent again when the hub says that it did nothing', async () => {
    await using hub = await startScriptedHub((_request, index) => (index === 0 ? problem(503, 'OVERLOADED') : done))
    await using client = clientOf(hub.url)
    expect(await client.reportOutcome(id, outcome)).toEqual({ id, index: 7 })
  })

  test('is looked for in the timeline after an unclear end, and not reported twice', async () => {
    const concluded = { state: 'concluded', by: recorded.account, result: 'archived' }
    await using hub = await startScriptedHub(({ method }) =>
      method === 'POST' ? 'drop' : { status: 200, body: { document: id, steps: [concluded] } },
    )
    await using client = clientOf(hub.url)
    const sleep = async (): Promise<void> => undefined
    expect(await reportOnce(client, id, outcome, { maybeReported: false, sleep })).toBe('already-reported')
    expect(hub.requests.map(({ method }) => method)).toEqual(['POST', 'GET'])
  })

  test("of another account, or another result, is not taken for one's own", async () => {
    const others = [
      { state: 'concluded', by: 'another', result: 'archived' },
      { state: 'concluded', by: recorded.account, result: 'integrated' },
    ]
    await using hub = await startScriptedHub(({ method }) =>
      method === 'POST' ? done : { status: 200, body: { document: id, steps: others } },
    )
    await using client = clientOf(hub.url)
    expect(await reportOnce(client, id, outcome, { maybeReported: true })).toBe('reported')
  })
})

describe('trust', () => {
  const one = recorded.accepted[0]
  const script: Script = () => ({ status: 200, body: one.body })

  test('is pinned at first use: a hub that shows other keys later proves nothing', async () => {
    const trustDirectory = join(root, 'pinned')
    await using hub = await startScriptedHub(script)
    await using first = createHubClient({ url: hub.url, clientId: recorded.account, clientSecret: 's', trustDirectory })
    expect(await first.receipt(one.body.id, bytesOf(one))).toEqual(one.body)
    expect(await readFile(join(trustDirectory, 'log.vkey'), 'utf8')).toBe(recorded.trust.logVkey)

    const name = recorded.trust.logVkey.split('+')[0] ?? ''
    await writeFile(join(trustDirectory, 'log.vkey'), makeVkey(name, generateKeyPairSync('ed25519').publicKey))
    await using later = createHubClient({ url: hub.url, clientId: recorded.account, clientSecret: 's', trustDirectory })
    await expect(later.receipt(one.body.id)).rejects.toMatchObject({ code: 'NOT_PROVED' })
  })

  test('a receipt of another id than the one asked for is not proved', async () => {
    await using hub = await startScriptedHub(script)
    await using client = clientOf(hub.url)
    await expect(client.receipt(id)).rejects.toMatchObject({ code: 'NOT_PROVED' })
  })
})

test('ids and cursors cannot reach another path of the hub', async () => {
  await using hub = await startScriptedHub(() => ({
    status: 200,
    body: { steps: [], documents: [], events: [], next: 'n' },
  }))
  await using client = clientOf(hub.url)
  await client.timeline('../../x?y#z')
  await client.feedPage({ after: 'a&kinds=dume-response', kinds: ['notice'], limit: 1, waitSeconds: 0 })
  expect(hub.requests.map(({ path }) => path)).toEqual([
    '/v1/documents/..%2F..%2Fx%3Fy%23z/timeline',
    '/v1/feed?limit=1&wait=0&kinds=notice&after=a%26kinds%3Ddume-response',
  ])
})

test.each(['ftp://hub.example', 'hub.example', 'http://user:pass@hub.example', 'https://hub.example/?x=1'])(
  'an address that no hub can have is refused at once: %s',
  (url) => {
    expect(() => clientOf(url)).toThrow('address of the hub')
  },
)
