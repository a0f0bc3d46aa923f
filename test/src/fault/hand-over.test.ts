import { spawn } from 'node:child_process'
import { createPublicKey, createSecretKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openPostgresStore, openSqliteStore, type Store } from '@socle/gateway'
import { makeVkey, openCheckpoint, parseVkey } from '@socle/schemas'
import { afterAll, describe, expect, test } from 'vitest'
import { anEntry } from '../contracts/entries.ts'
import { idsIn, indexesOf } from '../contracts/ledger-view.ts'
import { startPostgres } from '../servers/postgres.ts'
import type { HandOverPlan } from './hand-over-plan.ts'
import { compiled } from './hub-child.ts'

const server = await startPostgres()
const folder = mkdtempSync(join(tmpdir(), 'socle-hand-over-'))
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

const [origin, next] = ['socle.example/2026h2', 'socle.example/2027h1']
const storageKey = createSecretKey(Buffer.alloc(32))
const pemOf = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString()

interface Place {
  readonly plan: Omit<HandOverPlan, 'killAt'>
  open(log: 'old' | 'new'): Promise<Store>
}

async function newPlace(dialect: string): Promise<Place> {
  const keys = { old: generateKeyPairSync('ed25519').privateKey, new: generateKeyPairSync('ed25519').privateKey }
  const file = join(mkdtempSync(join(folder, 'x-')), 'ledger.sqlite')
  const url = dialect === 'PostgreSQL' ? await server.createDatabase() : undefined
  const plan = {
    file,
    origin,
    logKey: pemOf(keys.old),
    next,
    nextKey: pemOf(keys.new),
    ...(url === undefined ? {} : { url }),
  }
  return {
    plan,
    async open(log) {
      const settings = { origin: log === 'old' ? origin : next, logKey: keys[log], storageKey }
      if (url === undefined) return await openSqliteStore({ ...settings, file, allowInMemory: true })
      return await openPostgresStore({ ...settings, url, migrationUrl: url, poolSize: 1, timeoutMs: 10_000 })
    },
  }
}

async function handOver(plan: HandOverPlan): Promise<NodeJS.Signals | null> {
  const child = spawn(process.execPath, [compiled('hand-over-process'), JSON.stringify(plan)], {
    stdio: 'ignore',
    timeout: 60_000,
  })
  const [, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null]
  return signal
}

describe.each(['SQLite', 'PostgreSQL'])('a hand-over that is killed, on %s', (dialect) => {
  test.each(['head-locked', 'entries-inserted', 'checkpoint-signed', 'head-moved', 'committed'] as const)(
    'at %s, leaves one log that goes on, whole',
    async (killAt) => {
      const place = await newPlace(dialect)
      const before = await place.open('old')
      await before.append([anEntry(), anEntry()])
      await before.close()
      expect(await handOver({ ...place.plan, killAt })).toBe('SIGKILL')

      // Everything before the commit is undone, the entry that ends the log included; after it everything stands.
      const isDone = killAt === 'committed'
      await using goes = disposable(await place.open(isDone ? 'new' : 'old'))
      const appended = await goes.store.append([anEntry(), anEntry()])
      expect(indexesOf(appended)).toEqual(isDone ? [4, 5] : [2, 3])
      expect((await idsIn(goes.store)).length).toBe(isDone ? 6 : 4)
      const [one] = appended
      const { logKey, name } = isDone
        ? { logKey: place.plan.nextKey, name: next }
        : { logKey: place.plan.logKey, name: origin }
      const verifier = parseVkey(makeVkey(name, createPublicKey(logKey)))
      const head = openCheckpoint(one?.result === 'recorded' ? one.checkpoint : '', [verifier])
      expect(head.size).toBe(isDone ? 3 : 4)
      await using other = disposable(await place.open(isDone ? 'old' : 'new'))
      const code = isDone ? 'SHARD_ENDED' : 'LOG_FOREIGN'
      await expect(other.store.append([anEntry()])).rejects.toMatchObject({ code })
    },
  )
})

function disposable(store: Store): AsyncDisposable & { readonly store: Store } {
  return { store, [Symbol.asyncDispose]: async () => await store.close() }
}
