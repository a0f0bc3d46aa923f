import { afterAll } from 'vitest'
import { startPostgres } from '../servers/postgres.ts'
import { leaseContract } from './lease-contract.ts'
import { newPostgresPlace } from './postgres-place.ts'
import { storeContract, type StorePlace } from './store-contract.ts'

const server = await startPostgres()
afterAll(async () => await server[Symbol.asyncDispose]())

async function newPlace(): Promise<StorePlace> {
  const place = await newPostgresPlace(server)
  return {
    ...place,
    beside: async (statements) => await place.query(statements),
    dispose: async () => await Promise.resolve(),
  }
}

storeContract('PostgreSQL', newPlace)
leaseContract('PostgreSQL', newPlace)
