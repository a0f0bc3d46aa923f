import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { openPostgresStore } from '@socle/gateway'
import { makeVkey, parseVkey } from '@socle/schemas'
import { afterAll } from 'vitest'
import { startPostgres } from '../servers/postgres.ts'
import { storeContract } from './store-contract.ts'

const server = await startPostgres()
afterAll(async () => await server[Symbol.asyncDispose]())

storeContract('PostgreSQL', async () => {
  const url = await server.createDatabase()
  const origin = 'socle.example/contracts'
  const { privateKey: logKey } = generateKeyPairSync('ed25519')
  return {
    open: async () =>
      await openPostgresStore({ url, migrationUrl: url, poolSize: 2, timeoutMs: 10_000, origin, logKey }),
    logKey: parseVkey(makeVkey(origin, createPublicKey(logKey))),
    dispose: async () => await Promise.resolve(),
  }
})
