import { join } from 'node:path'
import { roles } from './roles.ts'
import type { Servers } from './servers.ts'
import { partitions } from './topics.ts'

/** Another replica takes over this soon after one is gone: short, so that tests see it. */
export const leaseMs = 2_000

/** Settings of every replica. Each server is reached through its proxy. */
export function settingsOf(
  { toPostgres, toRedis, toKafka }: Servers,
  place: { readonly database: string; readonly directory: string; readonly front: number },
): Readonly<Record<string, string>> {
  const copies = toKafka.length
  return {
    HUB_ENVIRONMENT: 'sandbox',
    HUB_PUBLIC_URL: `http://127.0.0.1:${place.front}`,
    HUB_KEYS_DIR: join(place.directory, 'keys'),
    HUB_STORE_URL: `postgres://${roles.hub}@127.0.0.1:${toPostgres.port}/${place.database}`,
    HUB_STORE_TIMEOUT_MS: '3000',
    HUB_REDIS_URL: `redis://127.0.0.1:${toRedis.port}`,
    HUB_LEASE_MS: String(leaseMs),
    HUB_LOG_LEVEL: 'info',
    ...(copies === 0
      ? {}
      : {
          HUB_KAFKA_BROKERS: toKafka.map(({ port }) => `127.0.0.1:${port}`).join(','),
          HUB_KAFKA_PARTITIONS: String(partitions),
          HUB_KAFKA_REPLICATION: String(copies),
          HUB_KAFKA_MIN_ISR: String(copies === 1 ? 1 : 2),
        }),
  }
}
