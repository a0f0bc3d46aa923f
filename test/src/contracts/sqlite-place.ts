import { createPublicKey, createSecretKey, generateKeyPairSync, randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase, openSqliteStore } from '@socle/gateway'
import { makeVkey, parseVkey } from '@socle/schemas'
import type { StorePlace } from './store-contract.ts'

/** A directory of its own, deleted at the end. */
export async function newSqlitePlace(): Promise<StorePlace> {
  const directory = await mkdtemp(join(tmpdir(), 'socle-store-'))
  const origin = 'socle.example/contracts'
  const { privateKey: logKey } = generateKeyPairSync('ed25519')
  const storageKey = createSecretKey(randomBytes(32))
  const start = { file: join(directory, 'ledger.sqlite'), origin, logKey, storageKey, allowInMemory: true }
  return {
    open: async (log) => await openSqliteStore({ ...start, ...log }),
    beside: async (statements) => {
      using db = openDatabase(start.file)
      db.exec(statements)
      await Promise.resolve()
    },
    logKey: parseVkey(makeVkey(origin, createPublicKey(logKey))),
    dispose: async () => await rm(directory, { recursive: true, force: true }),
  }
}
