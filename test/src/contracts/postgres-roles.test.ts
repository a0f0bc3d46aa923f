import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Store } from '@socle/gateway'
import { startPostgres } from '../servers/postgres.ts'
import { anEntry, documentEffect } from './entries.ts'
import { newPostgresPlace, type PostgresPlace } from './postgres-place.ts'

const server = await startPostgres()
afterAll(async () => await server[Symbol.asyncDispose]())

const keptTables = ['entries', 'tree_nodes', 'documents', 'idempotency_keys', 'deliveries', 'outcomes', 'mandates']
const appendOnly = [...keptTables, 'checkpoints', 'ledger_head']

let place: PostgresPlace
let store: Store
let hubUrl: string

/** A ledger that the hub's own role wrote, with a row in each of its tables. */
beforeAll(async () => {
  place = await newPostgresPlace(server)
  await place.query('create role hub login; create role reporting login')
  hubUrl = place.url.replace('admin@', 'hub@')
  store = await place.open({ url: hubUrl })
  const id = '01900000-0000-7000-8000-000000000000'
  const mandate = { account: 'a', buyer: 'b', notBefore: '', notAfter: '' }
  const outcome = { document: id, account: 'a', result: 'archived', url: '', reason: '' }
  await store.append([
    anEntry({ id, kind: 'doc', key: 'k', effects: [documentEffect('bytes')] }),
    anEntry({ effects: [{ write: 'mandate', row: mandate }] }),
    anEntry({ kind: 'dlv', effects: [{ write: 'delivery', documents: [id], recipient: 'b', channel: 'feed' }] }),
    anEntry({ kind: 'out', effects: [{ write: 'outcome', row: outcome }] }),
    ...Array.from({ length: 252 }, () => anEntry()),
  ])
})
afterAll(async () => await store.close())

async function as(role: string, text: string): Promise<unknown> {
  const client = new Client({ connectionString: place.url.replace('admin@', `${role}@`) })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(text)).rows
  } finally {
    await client.end()
  }
}

describe.each(appendOnly)('the table %s', (table) => {
  test('has a row, which its owner cannot change, delete or truncate', async () => {
    expect(await place.query(`select 1 from ${table} limit 1`)).toHaveLength(1)
    const column = { ledger_head: 'size', checkpoints: 'note', tree_nodes: 'hash' }[table] ?? 'idx'
    const refused = /append-only/
    await expect(place.query(`update ${table} set ${column} = ${column}`)).rejects.toThrow(refused)
    await expect(place.query(`delete from ${table}`)).rejects.toThrow(refused)
    await expect(place.query(`truncate ${table}`)).rejects.toThrow(refused)
  })

  test('is not the hub’s to delete or truncate', async () => {
    const denied = /permission denied/
    await expect(as('hub', `delete from ${table}`)).rejects.toThrow(denied)
    await expect(as('hub', `truncate ${table}`)).rejects.toThrow(denied)
    if (table === 'ledger_head') return
    const column = { checkpoints: 'note', tree_nodes: 'hash' }[table] ?? 'idx'
    await expect(as('hub', `update ${table} set ${column} = ${column}`)).rejects.toThrow(denied)
  })
})

test('a checkpoint gets its token once, and the head only goes forward', async () => {
  const token = (text: string): string => `update checkpoints set token = '${text}' where size = 256`
  await as('hub', token('one'))
  await expect(as('hub', token('two'))).rejects.toThrow('append-only')
  await expect(place.query("update checkpoints set token = null, note = 'x'")).rejects.toThrow('append-only')
  await expect(as('hub', 'update ledger_head set size = 3')).rejects.toThrow('append-only')
})

test('the hub reads every table of the schema and changes no part of it', async () => {
  const unread = await place.query(
    "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' and not has_table_privilege('hub', oid, 'select')",
  )
  expect(unread).toEqual([])
  for (const text of ['drop trigger entries_kept on entries', 'alter table entries disable trigger all'])
    await expect(as('hub', text)).rejects.toThrow('must be owner')
  await expect(as('hub', 'create table mine (x int)')).rejects.toThrow('permission denied')
})

test('a statement that the traps refuse leaves the store usable', async () => {
  await expect(store.writer.deleteFrom('entries').execute()).rejects.toThrow('permission denied')
  expect(await store.append([anEntry()])).toMatchObject([{ result: 'recorded', index: 256 }])
})

test('replicas that start at once each bring schema and rights up to date', async () => {
  const fresh = await newPostgresPlace(server)
  const url = fresh.url.replace('admin@', 'hub@')
  const stores = await Promise.all(Array.from({ length: 4 }, async () => await fresh.open({ url })))
  await Promise.all(stores.map(async (one) => await one.append([anEntry()])))
  expect(await fresh.query('select size from ledger_head')).toEqual([{ size: '4' }])
  for (const one of stores) await one.close()
})
