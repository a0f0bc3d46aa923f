import { afterAll } from 'vitest'
import { startPostgres } from '../servers/postgres.ts'
import { newPostgresPlace } from './postgres-place.ts'
import { storeContract } from './store-contract.ts'

const server = await startPostgres()
afterAll(async () => await server[Symbol.asyncDispose]())

storeContract('PostgreSQL', async () => {
  const place = await newPostgresPlace(server)
  return { ...place, dispose: async () => await Promise.resolve() }
})
