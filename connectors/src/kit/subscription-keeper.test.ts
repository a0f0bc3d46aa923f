import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { problem, recordedTrust, type Script, startScriptedHub } from '../testing/scripted-hub.ts'
import { createHubClient } from './hub-client.ts'
import { keepSubscription } from './subscription-keeper.ts'

const root = await mkdtemp(join(tmpdir(), 'connector-subscription-'))
afterAll(async () => await rm(root, { recursive: true, force: true }))

const url = 'http://127.0.0.1:7/hub-events'
const kinds = ['notice', 'award'] as const

interface Row {
  readonly id: string
  readonly url: string
  readonly kinds: readonly string[]
  status: string
}

/** Keeps subscriptions as the hub does, and what was asked of it. */
function directoryOf(rows: Row[], asked: string[]): Script {
  return ({ method, path, body }) => {
    const [, , , id, verb] = path.split('/')
    asked.push(`${method}${id === undefined ? '' : ` ${id}`}${verb === undefined ? '' : ` ${verb}`}`)
    if (method === 'GET') return { status: 200, body: { subscriptions: rows } }
    const place = rows.findIndex((row) => row.id === id)
    if (method === 'DELETE') return rows.splice(place, 1).length > 0 ? { status: 204 } : problem(404, 'NOT_FOUND')
    if (verb === 'resume') return { status: 204 }
    const wish = JSON.parse(body.toString('utf8')) as { readonly url: string; readonly kinds: readonly string[] }
    const row = { id: `s${asked.length}`, status: 'active', ...wish }
    rows.push(row)
    return { status: 201, body: { ...row, secret: 'whsec_AAAA' } }
  }
}

async function run(rows: Row[], file: string, at = url) {
  const asked: string[] = []
  const told: (string | boolean)[] = []
  const receiver = {
    url: at,
    expectChallenge: (on: boolean) => void told.push(on),
    useSecret: (secret: string) => void told.push(secret),
  }
  await using hub = await startScriptedHub(directoryOf(rows, asked))
  await using client = createHubClient({ url: hub.url, clientId: 'b', clientSecret: 's', trust: recordedTrust })
  const end = await keepSubscription(client, receiver, { file, kinds })
  return { end, asked, told }
}

const fileIn = async (): Promise<string> => join(await mkdtemp(join(root, 'one-')), 'subscription.json')

test('the first start subscribes, with the challenge expected for that long only, and keeps the secret', async () => {
  const file = await fileIn()
  const rows: Row[] = []
  const { end, asked, told } = await run(rows, file)
  expect([end, asked]).toEqual(['new', ['GET', 'POST']])
  expect(told).toEqual([true, 'whsec_AAAA', false])
  expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ id: rows[0]?.id, secret: 'whsec_AAAA' })
})

test('a later start takes the same, and starts it again when it was paused', async () => {
  const file = await fileIn()
  const rows: Row[] = []
  await run(rows, file)
  expect(await run(rows, file)).toEqual({ end: 'kept', asked: ['GET'], told: ['whsec_AAAA'] })
  const [row] = rows
  if (row) row.status = 'paused'
  expect((await run(rows, file)).asked).toEqual(['GET', `POST ${row?.id} resume`])
})

test('another address gets a new subscription and the old one ends', async () => {
  const file = await fileIn()
  const rows: Row[] = []
  await run(rows, file)
  const { end } = await run(rows, file, 'http://127.0.0.1:8/hub-events')
  expect(end).toBe('new')
  expect(rows.map((row) => row.url)).toEqual(['http://127.0.0.1:8/hub-events'])
})

test('a subscription whose secret was lost in a crash is ended, those of other connectors stay', async () => {
  const orphan = { id: 'orphan', url, kinds: [...kinds], status: 'active' }
  const other = { id: 'other', url: 'http://127.0.0.1:9/x', kinds: [...kinds], status: 'active' }
  const rows: Row[] = [orphan, other]
  const { end, asked } = await run(rows, await fileIn())
  expect([end, asked]).toEqual(['new', ['GET', 'DELETE orphan', 'POST']])
  expect(rows.map(({ id }) => id)).toEqual(['other', 's3'])
})

test('a damaged file stops the start: the secret is not guessed', async () => {
  const file = await fileIn()
  await writeFile(file, '{"id":"s1"}')
  await expect(run([], file)).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
})
