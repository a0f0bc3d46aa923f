import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseCertificates } from '@socle/schemas'
import type { Config } from '../config.ts'
import type { Events } from '../events.ts'
import type { Hub } from '../hub.ts'
import type { Bus, Cache, Store, TimestampAuthority } from '../ports.ts'
import { topicsOf } from '../publish/topics.ts'
import type { LedgerStep } from '../record/ledger.ts'
import { fingerprintOf, ledgerFile } from '../start-checks.ts'
import { createKafkaBus } from './bus-kafka.ts'
import { createMemoryBus } from './bus-memory.ts'
import { createMemoryCache } from './cache-memory.ts'
import { createRedisCache } from './cache-redis.ts'
import { openPostgresStore } from './store-postgres.ts'
import { openSqliteStore } from './store-sqlite.ts'
import { createTimestampFailover } from './timestamp-failover.ts'
import { createHttpTimestampAuthority } from './timestamp-http.ts'
import { createLocalTimestampAuthority } from './timestamp-local.ts'
import { createHttpWitness } from './witness-http.ts'

/** A store; `failed` resolves when it can no longer know its own state. */
export type OpenStore = Store & { readonly failed: Promise<Error> }

/** @param killAt fault injection inside the ledger's transaction */
export async function openStore(
  { config, keys, events }: Pick<Hub, 'config' | 'keys' | 'events'>,
  killAt: LedgerStep | 'committed' | undefined,
): Promise<OpenStore> {
  const log = {
    origin: config.logOrigin,
    logKey: keys.log.privateKey,
    storageKey: keys.storage,
    ...(killAt ? { killAt } : {}),
  }
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

/** Outside authorities where they are set, else the sandbox's own: production does not start without (`start-checks.ts`). */
export function openClock(hub: Pick<Hub, 'config' | 'keys' | 'clock' | 'events' | 'stopping'>): TimestampAuthority {
  const { config, keys, clock, events, stopping } = hub
  const { authorities, tlsCaFile, policies, windowMs, timeoutMs } = config.servers.time
  if (authorities.length === 0 && keys.timestamp)
    return createLocalTimestampAuthority({ identity: keys.timestamp, chain: keys.timestamp.chain, clock })
  const tls = tlsCaFile === undefined ? {} : { tlsCa: readFileSync(tlsCaFile, 'utf8') }
  const known = parseCertificates(keys.trust.tsaCa)
  const named = authorities.map(({ url, anchor }) => {
    const anchors = known.filter(({ raw }) => anchor === undefined || fingerprintOf(raw) === anchor)
    const settings = { url, anchors, policies, windowMs, timeoutMs, clock, stopping, ...tls }
    const { host, pathname } = new URL(url)
    return { name: `${host}${pathname}`, authority: createHttpTimestampAuthority(settings) }
  })
  return createTimestampFailover(named, (name, error) =>
    events.failed('timestamp-authority', new Error(`${name} gave no good token`, { cause: error })),
  )
}

export function openWitnesses({ servers: { watch } }: Config): Hub['witnesses'] {
  return watch.witnesses.map((place) => createHttpWitness({ ...place, timeoutMs: watch.timeoutMs }))
}
