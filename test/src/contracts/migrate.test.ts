import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { erase, openDatabase, stampNow } from '@socle/gateway'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type FeedPage, join as joinHub, type Party, tokenOf } from '../flow/party.ts'
import { startPostgres } from '../servers/postgres.ts'
import { anAward, buyerSiret } from '../support/award.ts'
import { startHub } from '../support/hub.ts'

const server = await startPostgres()
const directory = await mkdtemp(join(tmpdir(), 'socle-move-'))
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await rm(directory, { recursive: true, force: true })
})

const documents = 300
const sent = Array.from({ length: documents }, (_, i) => ({ key: `move-${i}`, body: anAward({ id: `M-${i}` }) }))
const receipts = new Map<string, string>()
let secret = ''
let readerSecret = ''
/** Read to here by the recipient, who then has a delivery in the log for each page before. */
let cursor = ''

/** An embedded hub that worked for a while: documents, a refusal, deliveries, an erasure, a time stamp. */
beforeAll(async () => {
  await using hub = await startHub({}, { directory })
  const sender = await joinHub(hub, 'profil-a', { buyers: [buyerSiret] })
  secret = sender.secret
  const reader = await joinHub(hub, 'gestion-c', { buyers: [buyerSiret] })
  for (let at = 0; at < documents; at += 20)
    await Promise.all(
      sent.slice(at, at + 20).map(async ({ key, body }) => receipts.set(key, await receiptOf(sender, key, body))),
    )
  await sender.deposit('award', '{}')
  const gone = await sender.sent('award', anAward({ id: 'GONE' }))
  await erase(hub.hub, { documents: [gone.id], decision: '2026-17' })
  readerSecret = reader.secret
  const page = await reader.feed('?limit=200')
  cursor = (await reader.feed(`?limit=200&after=${page.next}`)).next
  await stampNow(hub.hub)
}, 60_000)

async function receiptOf(sender: Party, key: string, body: string): Promise<string> {
  return (await sender.deposit('award', body, { key })).text
}

/** `socle migrate` as it is run. */
async function migrate(
  urls: { readonly hub: string; readonly owner: string },
  ...parameters: readonly string[]
): Promise<{ readonly code: number | null; readonly said: string }> {
  const program = new URL('../../../gateway/dist/cli/main.js', import.meta.url).pathname
  const env = {
    PATH: process.env['PATH'],
    HUB_STORE_URL: urls.hub,
    HUB_STORE_MIGRATION_URL: urls.owner,
    HUB_DATA: directory,
  }
  const child = spawn(process.execPath, [program, 'migrate', ...parameters], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text: Buffer) => (said += text.toString('utf8')))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, said }
}

async function newDatabase(): Promise<{
  readonly hub: string
  readonly owner: string
  readonly query: (text: string) => Promise<unknown>
}> {
  const owner = await server.createDatabase()
  const query = async (text: string): Promise<unknown> => await server.query(text, new URL(owner).pathname.slice(1))
  return { owner, hub: owner.replace('admin@', 'mover@'), query }
}

beforeAll(async () => {
  await server.query('create role mover login; create role reporting login')
})

describe('a ledger of two half-years', () => {
  const next = 'socle.invalid/sandbox/2027h1'
  let copy: string
  beforeAll(async () => {
    copy = await mkdtemp(join(tmpdir(), 'socle-halves-'))
    await cp(directory, copy, { recursive: true })
    const program = new URL('../../../gateway/dist/cli/main.js', import.meta.url).pathname
    const env = { ...process.env, HUB_DATA: copy }
    const child = spawn(process.execPath, [program, 'shard', '--to', next], { env, stdio: 'ignore' })
    expect(await once(child, 'close')).toEqual([0, null])
  }, 60_000)
  afterAll(async () => await rm(copy, { recursive: true, force: true }))

  test('is checked log by log, each with its own key, and moved whole', async () => {
    const target = await newDatabase()
    const { code, said } = await migrate(target, '--from', copy)
    expect(said).toContain('shards: 2 rows, the same digest')
    expect(code).toBe(0)
    const [{ n } = { n: 0 }] = (await target.query('select count(*)::int as n from entries')) as { n: number }[]
    const heads = await target.query('select number, first::int from shards order by number')
    expect(heads).toEqual([
      { number: 0, first: 0 },
      { number: 1, first: n - 1 },
    ])
  })

  test('is not moved when the older one is not as it was, or its key is not there', async () => {
    const other = await mkdtemp(join(tmpdir(), 'socle-halves-'))
    try {
      await cp(copy, other, { recursive: true })
      const db = openDatabase(join(other, 'ledger.sqlite'))
      db.exec('drop trigger shards_no_update; update shards set first = first - 1 where number = 1')
      db.close()
      const target = await newDatabase()
      expect((await migrate(target, '--from', other)).said).toMatch(/checkpoint \d+/)
      await cp(copy, other, { recursive: true })
      const file = join(other, 'keys/trust/log.vkey')
      const lines = (await readFile(file, 'utf8')).split('\n')
      await writeFile(file, lines.filter((line) => line.startsWith(next)).join('\n'))
      expect((await migrate(target, '--from', other)).said).toMatch(/checkpoint \d+ is not signed/)
      expect(await target.query('select count(*)::int as n from entries')).toEqual([{ n: 0 }])
    } finally {
      await rm(other, { recursive: true, force: true })
    }
  })
})

describe('a ledger that is not as it was recorded is not moved', () => {
  test.each<[string, string, RegExp]>([
    ['a byte of a document', "update documents set content = content || ' ' where idx = 9", /bytes of document 9/],
    [
      'a document and its digest',
      "update documents set content = 'x', sha256 = '2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881' where idx = 9",
      /bytes of document 9/,
    ],
    ['a document that is gone', 'delete from documents where idx = 9', /document 9 is missing/],
    [
      'a document that nobody sent',
      "insert into documents select 9999, 'x', kind, account, buyer, consultation, source_key, format, version, name, media_type, size, sha256, content, stored_as, data_key from documents where idx = 9",
      /documents has 302 rows/,
    ],
    [
      'an envelope',
      "update entries set envelope = cast(replace(cast(envelope as text), 'profil-a', 'profil-b') as blob) where idx = 9",
      /entry 9 is not what/,
    ],
    [
      'a leaf with its envelope',
      'update entries set (leaf, envelope, salt, seal, id, at) = (select leaf, envelope, salt, seal, id || idx, at from entries where idx = 8) where idx = 9',
      /entry 9 is not what/,
    ],
    [
      'two entries in each other’s place',
      'update entries set idx = 99999 where idx = 9; update entries set idx = 9 where idx = 10; update entries set idx = 10 where idx = 99999',
      /document 9 is missing|entry 9 is not what/,
    ],
    ['an entry that is gone', 'delete from entries where idx = (select max(idx) from entries)', /incomplete/],
    [
      'a signature',
      "update checkpoints set note = replace(note, '— ', '— x') where size = 2",
      /checkpoint 2 is not signed/,
    ],
    ['a tile', "update tree_nodes set hash = x'00'", /tile 0 of level 1/],
    ['the head', 'update ledger_head set size = size - 1', /head/],
    ['an entry that nobody erased', "update entries set envelope = x'', salt = x'' where idx = 9", /entry 9 is blank/],
    [
      'an erasure that is said of another document',
      "update entries set envelope = x'', salt = x'' where idx = 9; update erasures set document = (select id from entries where idx = 9)",
      /entry 9 is blank/,
    ],
    [
      'bytes under an erasure',
      "update documents set content = x'00' where stored_as = 'erased'",
      /is said to be erased, and its bytes are there/,
    ],
    ['a key of a consultation', 'delete from consultation_keys where idx = 9', /bytes of document 9/],
  ])('%s', async (_, statement, fault) => {
    const copy = await mkdtemp(join(tmpdir(), 'socle-tampered-'))
    try {
      await cp(directory, copy, { recursive: true })
      const db = openDatabase(join(copy, 'ledger.sqlite'))
      // Whoever has the file takes the traps out first.
      for (const { name } of db.prepare("select name from sqlite_master where type = 'trigger'").all())
        db.exec(`drop trigger ${String(name)}`)
      db.exec(statement)
      db.close()
      const target = await newDatabase()
      const { code, said } = await migrate(target, '--from', copy)
      expect(said).toMatch(fault)
      expect(said).toContain("Rien n'a été copié")
      expect(code).toBe(1)
      expect(await target.query('select count(*)::int as n from entries')).toEqual([{ n: 0 }])
    } finally {
      await rm(copy, { recursive: true, force: true })
    }
  })
})

describe('a ledger is moved', () => {
  let target: Awaited<ReturnType<typeof newDatabase>>

  test('not while a hub serves from its directory', async () => {
    target = await newDatabase()
    await using _ = await startHub({}, { directory })
    const { code, said } = await migrate(target, '--from', directory)
    expect(said).toContain('Another hub already serves from this directory')
    expect(code).toBe(1)
  })

  test('whole, and what was compared is said', async () => {
    const { code, said } = await migrate(target, '--from', directory, '--reader-role', 'reporting')
    expect(said).toMatch(/log: \d+ entries, root [0-9a-f]{64}\n/)
    expect(said).toContain('301 documents')
    expect(said).toContain('erasures: 1 rows, the same digest')
    expect(said).toMatch(/deliveries: [1-9]\d* rows, the same digest/)
    expect(code).toBe(0)
    expect(await target.query('select count(*)::int as n from checkpoints where token is not null')).not.toEqual([
      { n: 0 },
    ])
  })

  test('and a hub on PostgreSQL gives the old receipts to the byte, and goes on with the next number', async () => {
    const env = { HUB_STORE_URL: target.hub, HUB_KEYS_DIR: join(directory, 'keys') }
    await using hub = await startHub({}, { env })
    const before = await hub.hub.store.reader.selectFrom('ledger_head').select('size').executeTakeFirstOrThrow()
    const token = await tokenOf(hub, 'profil-a', secret)
    const deposit = async (key: string, body: string): Promise<{ readonly status: number; readonly text: string }> => {
      const headers = { authorization: `Bearer ${token}`, 'idempotency-key': key, 'content-type': 'application/json' }
      const answer = await fetch(`${hub.url}/v1/awards`, { method: 'POST', headers, body })
      return { status: answer.status, text: await answer.text() }
    }
    for (const { key, body } of sent) expect(await deposit(key, body)).toEqual({ status: 200, text: receipts.get(key) })
    const { status, text } = await deposit('new', anAward({ id: 'NEW' }))
    expect(status).toBe(201)
    expect(JSON.parse(text)).toMatchObject({ proof: { index: before.size } })
    const reader = { authorization: `Bearer ${await tokenOf(hub, 'gestion-c', readerSecret)}` }
    const page = (await (await fetch(`${hub.url}/v1/feed?after=${cursor}`, { headers: reader })).json()) as FeedPage
    expect(page.events.map(({ hubseq }) => hubseq)).toEqual([before.size])
  }, 60_000)

  test('its directory takes no more entries, but can be read', async () => {
    await using hub = await startHub({}, { directory })
    const token = await tokenOf(hub, 'profil-a', secret)
    const headers = { authorization: `Bearer ${token}`, 'idempotency-key': 'late', 'content-type': 'application/json' }
    const late = await fetch(`${hub.url}/v1/awards`, { method: 'POST', headers, body: anAward({ id: 'LATE' }) })
    expect(late.status).toBe(503)
    expect((await fetch(`${hub.url}/log/checkpoint`)).status).toBe(200)
  })

  test('once: a database that holds something is not written over, another one may be tried again', async () => {
    const again = await migrate(target, '--from', directory)
    expect(again.said).toContain('the database is not empty')
    expect(again.code).toBe(2)
    const other = await newDatabase()
    expect(await migrate(other, '--from', directory)).toMatchObject({ code: 0 })
  })

  test('a reader sees everything but secrets and writes nothing', async () => {
    const client = new Client({ connectionString: target.owner.replace('admin@', 'reporting@') })
    await client.connect()
    const { rows } = await client.query('select id, name from accounts order by id')
    expect(rows).toHaveLength(2)
    for (const text of [
      'select secret_hash from accounts',
      'select * from subscriptions',
      "insert into cursors values ('x', 1, '')",
      'delete from leases',
    ])
      await expect(client.query(text)).rejects.toThrow('permission denied')
    await client.end()
  })
})

test('the schema alone is brought up to date, again and again', async () => {
  const target = await newDatabase()
  const first = await migrate(target)
  expect(first).toMatchObject({ code: 0 })
  for (const name of ['0001-ledger', '0013-erasure-by-number']) expect(first.said).toContain(name)
  expect(await migrate(target)).toEqual({ code: 0, said: 'schéma à jour / schema up to date\n' })
})
