import { setTimeout as sleep } from 'node:timers/promises'
import type { Appended, NewEntry, Store } from '@socle/gateway'
import { Client } from 'pg'
import { afterAll, describe, expect, test } from 'vitest'
import { startPostgres } from '../servers/postgres.ts'
import { startProxy } from '../servers/proxy.ts'
import { anEntry } from './entries.ts'
import { newPostgresPlace, type PostgresPlace, throughPort } from './postgres-place.ts'

/** What a caller is told of a fault of the moment, and what the operator finds behind it. */
const away = (reason: RegExp): object => ({
  code: 'STORE_UNAVAILABLE',
  cause: { message: expect.stringMatching(reason) as string },
})

const server = await startPostgres()
afterAll(async () => await server[Symbol.asyncDispose]())

const timeoutMs = 1_000
/** How late an answer may be on a busy machine. */
const marginMs = 1_500
/** The longest that a server takes to come back. */
const patienceMs = 40_000

/** Sends until it is known what became of it, as a caller does: the same key each time. */
async function untilKnown(store: Store, entry: NewEntry): Promise<Appended | undefined> {
  const end = Date.now() + patienceMs
  for (;;) {
    try {
      return (await store.append([entry]))[0]
    } catch (error) {
      if (Date.now() > end) throw error
      await sleep(20)
    }
  }
}

/** Entries under a key, and a log without a gap. */
async function entriesOf(place: PostgresPlace, key: string): Promise<number> {
  const [row] = await place.query(
    `select (select count(*) from idempotency_keys where key = '${key}')::int as n, (select count(*) = max(idx) + 1 from entries) as whole`,
  )
  expect(row?.['whole']).toBe(true)
  return Number(row?.['n'])
}

/** Deferred to the commit, which then takes half a second. */
const slowCommits = `create function slow() returns trigger language plpgsql as
    $$ begin perform pg_sleep(0.5); return null; end $$;
  create constraint trigger slow after insert on checkpoints deferrable initially deferred
    for each row execute function slow()`
const inCommit = "from pg_stat_activity where query = 'commit' and wait_event = 'PgSleep'"

/** The connection that appends, as the server sees it. */
const appending =
  "application_name = 'socle write' and query ~ '^(commit|insert|select|start)' and datname = current_database()"

describe('a connection that is terminated', () => {
  test('inside the commit: nothing was recorded, and the retry records it once', async () => {
    const place = await newPostgresPlace(server)
    const store = await place.open()
    await store.append([anEntry()])
    await place.query(slowCommits)
    const entry = anEntry({ key: 'k' })
    const append = store.append([entry])
    append.catch(() => undefined)
    await until(async () => (await place.query(`select 1 ${inCommit}`)).length === 1)
    await place.query(`select pg_terminate_backend(pid) ${inCommit}`)
    await expect(append).rejects.toMatchObject(away(/terminat/i))
    await place.query('drop trigger slow on checkpoints')
    expect(await entriesOf(place, 'k')).toBe(0)
    expect(await store.append([entry])).toMatchObject([{ result: 'recorded', index: 1 }])
    expect(await entriesOf(place, 'k')).toBe(1)
    await store.close()
  })

  test('at any moment: every key is recorded once, and what was acknowledged is there', async () => {
    const place = await newPostgresPlace(server)
    const stores = [await place.open(), await place.open()]
    const enough = new AbortController()
    const killer = (async () => {
      const client = new Client({ connectionString: place.url })
      await client.connect()
      let killed = 0
      while (!enough.signal.aborted) {
        await sleep(3 + Math.random() * 12)
        const { rowCount } = await client.query(
          `select pg_terminate_backend(pid) from pg_stat_activity where ${appending}`,
        )
        killed += rowCount ?? 0
      }
      await client.end()
      return killed
    })()
    const answers = await Promise.all(
      stores.map(async (store, which) => {
        const mine: [string, Appended | undefined][] = []
        for (let i = 0; i < 60; i++) {
          const key = `${which}-${i}`
          mine.push([key, await untilKnown(store, anEntry({ key }))])
        }
        return mine
      }),
    )
    enough.abort()
    expect(await killer).toBeGreaterThan(10)
    const rows = await place.query('select key, idx from idempotency_keys')
    const recorded = new Map(rows.map(({ key, idx }) => [String(key), Number(idx)]))
    expect(recorded.size).toBe(120)
    for (const [key, answer] of answers.flat()) {
      if (answer === undefined || !('index' in answer)) throw new Error(`${key}: no number`)
      expect(answer.index).toBe(recorded.get(key))
    }
    expect(await entriesOf(place, '0-0')).toBe(1)
    for (const store of stores) await store.close()
  })
})

describe('a connection that does not answer', () => {
  test('the commit was done and its answer lost: given up in time, and the retry is told the number', async () => {
    const place = await newPostgresPlace(server)
    await using proxy = await startProxy({ target: server.port })
    const store = await place.open({ url: throughPort(place.url, proxy.port), timeoutMs })
    await store.append([anEntry()])
    const entry = anEntry({ key: 'k' })
    await place.query(slowCommits)
    const from = performance.now()
    const append = store.append([entry])
    append.catch(() => undefined)
    await until(async () => (await place.query(`select 1 ${inCommit}`)).length === 1)
    proxy.dropAnswers({ next: 1, leaves: 'silence' })
    await expect(append).rejects.toThrow()
    expect(performance.now() - from).toBeLessThan(timeoutMs + marginMs)
    await place.query('drop trigger slow on checkpoints')
    expect(await entriesOf(place, 'k')).toBe(1)
    expect(await store.append([entry])).toMatchObject([{ result: 'replayed', index: 1 }])
    await store.close()
  })

  test('half open while idle: one append is given up, the next has a connection of its own', async () => {
    const place = await newPostgresPlace(server)
    await using proxy = await startProxy({ target: server.port })
    const store = await place.open({ url: throughPort(place.url, proxy.port), timeoutMs })
    await store.append([anEntry()])
    proxy.halfOpen()
    const from = performance.now()
    await expect(store.append([anEntry()])).rejects.toThrow()
    expect(performance.now() - from).toBeLessThan(timeoutMs + marginMs)
    expect(await store.append([anEntry()])).toMatchObject([{ result: 'recorded', index: 1 }])
    await store.close()
  })

  test('the request was lost on the way: the server frees the head by itself', async () => {
    const place = await newPostgresPlace(server)
    await using proxy = await startProxy({ target: server.port })
    const lost = await place.open({ url: throughPort(place.url, proxy.port), timeoutMs })
    const other = await place.open({ timeoutMs: 10_000 })
    await lost.append([anEntry()])
    await lost.append([anEntry()])
    // The head is locked, and nothing more arrives.
    proxy.set({ is: 'slicer', bytes: 200, pauseMs: 20 }, 'requests')
    const append = lost.append(Array.from({ length: 50 }, () => anEntry()))
    append.catch(() => undefined)
    await until(
      async () =>
        (await place.query(`select 1 from pg_stat_activity where state = 'idle in transaction'`)).length === 1,
    )
    proxy.set({ is: 'blackhole' }, 'requests')
    await expect(append).rejects.toThrow()
    expect(await other.append([anEntry()])).toMatchObject([{ result: 'recorded', index: 2 }])
    proxy.set({ is: 'pass' })
    expect(await lost.append([anEntry()])).toMatchObject([{ result: 'recorded', index: 3 }])
    await Promise.all([lost.close(), other.close()])
  })
})

describe('whoever keeps others waiting', () => {
  test('the head locked elsewhere: the append is given up in time by the server, on a connection that stays good', async () => {
    const place = await newPostgresPlace(server)
    const store = await place.open({ timeoutMs })
    await store.append([anEntry()])
    const holder = new Client({ connectionString: place.url })
    await holder.connect()
    await holder.query('begin; select 1 from ledger_head for update')
    const pids = async (): Promise<unknown> =>
      await place.query(
        "select pid from pg_stat_activity where application_name = 'socle write' and datname = current_database()",
      )
    const before = await pids()
    await expect(store.append([anEntry()])).rejects.toMatchObject(away(/lock timeout|statement timeout/))
    await holder.query('rollback')
    await holder.end()
    expect(await store.append([anEntry()])).toMatchObject([{ result: 'recorded', index: 1 }])
    expect(before).toHaveLength(1)
    expect(await pids()).toEqual(before)
    await store.close()
  })

  test('readers that fill their connections do not hold an append back', async () => {
    const place = await newPostgresPlace(server)
    const store = await place.open()
    const holder = new Client({ connectionString: place.url })
    await holder.connect()
    await holder.query('begin; lock table accounts in access exclusive mode')
    const readers = Array.from(
      { length: 6 },
      async () => await store.reader.selectFrom('accounts').selectAll().execute(),
    )
    await until(
      async () =>
        (
          await place.query(
            "select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()",
          )
        ).length === 2,
    )
    expect(await store.append([anEntry()])).toMatchObject([{ result: 'recorded', index: 0 }])
    await holder.query('rollback')
    await holder.end()
    expect(await Promise.all(readers)).toEqual(readers.map(() => []))
    await store.close()
  })
})

test('a server killed under load and started again has everything that was acknowledged, once', async () => {
  const place = await newPostgresPlace(server)
  const store = await place.open({ timeoutMs })
  const acknowledged = new Map<string, number>()
  const send = async (from: number, to: number): Promise<void> => {
    for (let i = from; i < to; i++) {
      const answer = await untilKnown(store, anEntry({ key: `k${i}` }))
      if (answer?.result === 'recorded' || answer?.result === 'replayed') acknowledged.set(`k${i}`, answer.index)
    }
  }
  const sending = send(0, 200)
  await until(async () => await Promise.resolve(acknowledged.size > 50))
  await server.kill()
  await server.start()
  await sending
  const rows = await place.query('select key, idx from idempotency_keys')
  expect(new Map(rows.map(({ key, idx }) => [key, Number(idx)]))).toEqual(acknowledged)
  expect(acknowledged.size).toBe(200)
  expect(await entriesOf(place, 'k0')).toBe(1)
  await store.close()
}, 60_000)

async function until(holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 10_000
  while (!(await holds())) {
    if (Date.now() > end) throw new Error('it did not come to pass within 10 s')
    await sleep(10)
  }
}
