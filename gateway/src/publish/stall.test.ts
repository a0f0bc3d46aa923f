import { createSecretKey, generateKeyPairSync, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { openSqliteStore } from '../adapters/store-sqlite.ts'
import { createEvents, type Events } from '../events.ts'
import { watchRelay } from './stall.ts'

const limits = { lookMs: 10, stalledMs: 100, repeatMs: 200 }

test('a relay that stands still while entries wait is told, again and again, and one that moves is not', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'socle-stall-'))
  const logKey = generateKeyPairSync('ed25519').privateKey
  const store = await openSqliteStore({
    file: join(directory, 'ledger.sqlite'),
    origin: 'test',
    logKey,
    storageKey: createSecretKey(randomBytes(32)),
    allowInMemory: true,
  })
  const told: string[] = []
  const real = createEvents(pino({ level: 'silent' }))
  const events: Events = { ...real, failed: (what, error) => told.push(`${what} ${String(error)}`) }
  const stop = new AbortController()
  const pause = async (ms: number): Promise<void> => await sleep(ms)
  const watching = watchRelay({ store, events, pause }, stop.signal, limits)
  const head = { id: 1, edge: Buffer.alloc(0), checkpoint: '', shard: 0, first: 0 }
  await store.writer
    .insertInto('ledger_head')
    .values({ ...head, size: 40 })
    .execute()
  const at = new Date(0).toISOString()
  await store.writer.insertInto('cursors').values({ name: 'relay', position: 1, at, state: '' }).execute()
  for (let position = 2; position < 30; position++) {
    await store.writer.updateTable('cursors').set({ position }).execute()
    await sleep(10)
  }
  expect(told).toEqual([])
  await expect.poll(() => told.length, { timeout: 5_000 }).toBe(2)
  expect(told[0]).toMatch(/^relay-stalled Error: 11 entries wait for the bus/)
  expect(await real.registry.getSingleMetricAsString('socle_unpublished_entries')).toMatch(/ 11$/)
  await store.writer.updateTable('cursors').set({ position: 40 }).execute()
  await sleep(300)
  const count = told.length
  await sleep(300)
  expect(told.length).toBe(count)
  stop.abort()
  await watching
  await store.close()
  rmSync(directory, { recursive: true })
})
