import { generateKeyPairSync } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  assertServerDurable,
  NotDurableError,
  SchemaOutdatedError,
  type ServerFacts,
  StoreUnreachableError,
} from '@socle/gateway'
import { afterAll, describe, expect, test } from 'vitest'
import { freePorts } from '../servers/ports.ts'
import { startPostgres } from '../servers/postgres.ts'
import { anEntry } from './entries.ts'
import { newPostgresPlace, throughPort } from './postgres-place.ts'

const durable: ServerFacts = {
  version: 150_000,
  fsync: 'on',
  fullPageWrites: 'on',
  synchronousCommit: 'on',
  synchronousCommitByDefault: 'on',
  encoding: 'UTF8',
  readOnlyByDefault: 'off',
  inRecovery: false,
}

describe('the facts that decide whether PostgreSQL keeps a commit', () => {
  test.each<[string, Partial<ServerFacts>]>([
    ['the oldest version', {}],
    ['a later one', { version: 180_001 }],
    ['commits that wait for a standby to apply them', { synchronousCommit: 'remote_apply' }],
    ['a weaker default that waits for the disk, raised in our session', { synchronousCommitByDefault: 'local' }],
  ])('%s is accepted', (_, facts) => {
    expect(() => assertServerDurable({ ...durable, ...facts })).not.toThrow()
  })

  test.each<[string, Partial<ServerFacts>, string]>([
    ['the version before', { version: 140_017 }, 'PostgreSQL 14 is too old'],
    ['fsync off', { fsync: 'off' }, 'fsync is off'],
    ['half pages', { fullPageWrites: 'off' }, 'full_page_writes is off'],
    ['commits that do not wait', { synchronousCommitByDefault: 'off' }, 'synchronous_commit is off'],
    ['a session that could not be raised', { synchronousCommit: 'local' }, 'synchronous_commit is local'],
    ['another encoding', { encoding: 'LATIN1' }, 'server_encoding is LATIN1'],
    ['read-only sessions', { readOnlyByDefault: 'on' }, 'default_transaction_read_only is on'],
    ['a standby', { inRecovery: true }, 'primary'],
  ])('%s is refused with what to change', (_, facts, text) => {
    const start = (): void => assertServerDurable({ ...durable, ...facts })
    expect(start).toThrow(NotDurableError)
    expect(start).toThrow(text)
  })
})

describe('a real server', () => {
  test('set to lose commits is refused at the start, every fault named at once', async () => {
    const settings = {
      fsync: 'off',
      full_page_writes: 'off',
      synchronous_commit: 'off',
      default_transaction_read_only: 'on',
    }
    await using server = await startPostgres({ settings })
    const opening = (await newPostgresPlaceOn(server)).open()
    await expect(opening).rejects.toThrow(NotDurableError)
    await expect(opening).rejects.toThrow(/fsync is off.*full_page_writes is off.*synchronous_commit is off.*read_only/)
  })

  test('whose role or database was set so is refused too, and one that is only weaker is raised', async () => {
    await using server = await startPostgres({ settings: { synchronous_commit: 'local' } })
    const place = await newPostgresPlace(server)
    await (await place.open()).close()
    const name = new URL(place.url).pathname.slice(1)
    await server.query(`alter database ${name} set synchronous_commit = off`)
    await expect(place.open()).rejects.toThrow('synchronous_commit is off')
  })

  test('that stores text in another encoding is refused', async () => {
    await using server = await startPostgres()
    const place = await newPostgresPlace(server)
    const latin = await server.createDatabase('LATIN1')
    await expect(place.open({ url: latin, migrate: false })).rejects.toThrow('server_encoding is LATIN1')
  })

  test('that stands by for another is refused', async () => {
    await using server = await startPostgres()
    const place = await newPostgresPlace(server)
    await (await place.open()).close()
    await server.stop()
    await writeFile(join(server.directory, 'standby.signal'), '')
    await server.start()
    await expect(place.open()).rejects.toThrow('HUB_STORE_URL must lead to the primary')
  })
})

describe('what cannot be used', () => {
  const started = startPostgres()
  afterAll(async () => await (await started)[Symbol.asyncDispose]())

  test('nobody listens: it is said in both languages, without the password', async () => {
    const place = await newPostgresPlace(await started)
    const [port = 0] = await freePorts(1)
    const url = throughPort(place.url, port).replace('admin@', 'admin:s3cret@')
    const refused: unknown = await place.open({ url, migrate: false }).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(StoreUnreachableError)
    expect(String(refused)).toMatch(new RegExp(`ne répond pas.*does not answer.*127.0.0.1:${port}.*ECONNREFUSED`))
    expect(String(refused)).not.toContain('s3cret')
  })

  test('a role that is not let in, or a database that is not there', async () => {
    const place = await newPostgresPlace(await started)
    const stranger = place.url.replace('admin@', 'stranger@')
    await expect(place.open({ url: stranger, migrate: false })).rejects.toThrow(/stranger.*does not exist/)
    const elsewhere = place.url.replace(/\/t\w+$/, '/elsewhere')
    await expect(place.open({ url: elsewhere, migrate: false })).rejects.toThrow(StoreUnreachableError)
  })

  test('a schema that is not there or too old is not used, and says how to bring it up to date', async () => {
    const place = await newPostgresPlace(await started)
    const opening = place.open({ migrate: false })
    await expect(opening).rejects.toThrow(SchemaOutdatedError)
    await expect(opening).rejects.toThrow(/0001-ledger.*socle migrate/)
    await (await place.open()).close()
    await (await place.open({ migrate: false })).close()
    await place.query("delete from migrations where name = '0003-append-only'")
    await expect(place.open({ migrate: false })).rejects.toThrow(/\(0003-append-only\)/)
  })

  test('stores that start at once bring the schema up to date once', async () => {
    const place = await newPostgresPlace(await started)
    const stores = await Promise.all(Array.from({ length: 4 }, async () => await place.open()))
    await stores[0]?.append([anEntry()])
    for (const store of stores) await store.close()
  })

  test('a number beyond those that are exact is refused where it is read', async () => {
    const place = await newPostgresPlace(await started)
    const store = await place.open()
    await place.query(`insert into cursors (name, position, at) values ('x', ${2n ** 53n}, '')`)
    await expect(store.reader.selectFrom('cursors').selectAll().execute()).rejects.toThrow('9007199254740992')
    expect(await store.reader.selectFrom('cursors').select('name').execute()).toEqual([{ name: 'x' }])
    await store.close()
  })
})

/** A server that only reads makes no database: its own is used. */
async function newPostgresPlaceOn(
  server: Awaited<ReturnType<typeof startPostgres>>,
): Promise<{ readonly open: () => Promise<unknown> }> {
  const url = server.url('postgres')
  const place = await newPostgresPlace({ ...server, createDatabase: async () => await Promise.resolve(url) })
  return { open: async () => await place.open({ migrate: false }) }
}

test('of two replicas that begin a log with keys of their own, the second appends nothing and stops', async () => {
  await using server = await startPostgres()
  const place = await newPostgresPlace(server)
  const logKey = generateKeyPairSync('ed25519').privateKey
  const [first, second] = [await place.open(), await place.open({ logKey })]
  expect(await first.append([anEntry()])).toMatchObject([{ result: 'recorded' }])
  await expect(second.append([anEntry()])).rejects.toThrow('HUB_KEYS_DIR')
  expect((await second.failed).message).toContain('HUB_KEYS_DIR')
  expect(await first.append([anEntry()])).toMatchObject([{ result: 'recorded', index: 1 }])
  for (const store of [first, second]) await store.close()
})
