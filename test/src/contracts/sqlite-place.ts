import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqliteStore } from '@socle/gateway'
import { makeVkey, parseVkey } from '@socle/schemas'
import type { StorePlace } from './store-contract.ts'

/** A directory of its own, deleted at the end. */
export async function newSqlitePlace(): Promise<StorePlace> {
  const directory = await mkdtemp(join(tmpdir(), 'socle-store-'))
  const origin = 'socle.example/contracts'
  const { privateKey: logKey } = generateKeyPairSync('ed25519')
  return {
    open: async () =>
      await openSqliteStore({ file: join(directory, 'ledger.sqlite'), origin, logKey, allowInMemory: true }),
    logKey: parseVkey(makeVkey(origin, createPublicKey(logKey))),
    dispose: async () => await rm(directory, { recursive: true, force: true }),
  }
}
