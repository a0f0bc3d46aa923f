import { join } from 'node:path'
import type { Config } from '../config.ts'
import type { Events } from '../events.ts'
import type { Hub } from '../hub.ts'
import type { Keys } from '../keys/key-store.ts'
import type { Bus, Cache, Clock, Store, TimestampAuthority } from '../ports.ts'
import { topicsOf } from '../publish/topics.ts'
import type { LedgerStep } from '../record/ledger.ts'
import { ledgerFile } from '../start-checks.ts'
import { createKafkaBus } from './bus-kafka.ts'
import { createMemoryBus } from './bus-memory.ts'
import { createMemoryCache } from './cache-memory.ts'
import { createRedisCache } from './cache-redis.ts'
import { openPostgresStore } from './store-postgres.ts'
import { openSqliteStore } from './store-sqlite.ts'
import { createLocalTimestampAuthority } from './timestamp-local.ts'

/** A store; `failed` resolves when it can no longer know its own state. */
export type OpenStore = Store & { readonly failed: Promise<Error> }

/** @param killAt fault injection inside the ledger's transaction */
export async function openStore(
  { config, keys, events }: Pick<Hub, 'config' | 'keys' | 'events'>,
  killAt: LedgerStep | 'committed' | undefined,
): Promise<OpenStore> {
  const log = { origin: config.logOrigin, logKey: keys.log.privateKey, ...(killAt ? { killAt } : {}) }
  const { postgres } = config.servers
  if (postgres) {
    const { migrationUrl, ...settings } = postgres
    return await openPostgresStore({ ...settings, ...(migrationUrl ? { migrationUrl } : {}), ...log })
  }
  const file = join(config.dataDirectory, ledgerFile)
  const start = { file, ...log, allowInMemory: config.environment === 'sandbox' }
  return await openSqliteStore(start, (message) => events.failed('wal-checkpoint', new Error(message)))
}

/** The hub starts and accepts while Kafka is away: the ledger is the outbox. */
export function openBus({ environment, servers: { kafka } }: Config, events: Events): Bus {
  if (!kafka) return createMemoryBus()
  return createKafkaBus({ ...kafka, topics: topicsOf(environment) }, (error) => events.failed('kafka', error))
}

export function openCache({ environment, servers: { redisUrl } }: Config, events: Events): Cache {
  if (redisUrl === undefined) return createMemoryCache()
  return createRedisCache({ url: redisUrl, environment, onAway: (error) => events.failed('redis', error) })
}

/** The sandbox has its own authority. Production needs an outside one, whose client is not there yet: better no start than a hub that vouches for its own time. */
export function sandboxClock(keys: Keys, clock: Clock): TimestampAuthority {
  if (!keys.timestamp)
    throw new Error(
      'production needs an outside RFC 3161 authority, and this version has no client for one: run the sandbox',
    )
  return createLocalTimestampAuthority({ identity: keys.timestamp, chain: keys.timestamp.chain, clock })
}
