import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pino, type Logger } from 'pino'
import { createKafkaBus } from './adapters/bus-kafka.ts'
import { createMemoryBus } from './adapters/bus-memory.ts'
import { createMemoryCache } from './adapters/cache-memory.ts'
import { createRedisCache } from './adapters/cache-redis.ts'
import { claimDirectory } from './adapters/sqlite-claim.ts'
import { openPostgresStore } from './adapters/store-postgres.ts'
import { openSqliteStore } from './adapters/store-sqlite.ts'
import { createLocalTimestampAuthority } from './adapters/timestamp-local.ts'
import { createClientCertificates } from './authenticate/client-certificate.ts'
import { createTokens } from './authenticate/tokens.ts'
import type { Config } from './config.ts'
import { createWebhookSender } from './deliver/webhook.ts'
import { createAccounts } from './directory/accounts.ts'
import { createEvents, type Events } from './events.ts'
import { type CrashPoint, createSignal, type Hub } from './hub.ts'
import type { Keys } from './keys/key-store.ts'
import type { Bus, Cache, Clock, Store, TimestampAuthority } from './ports.ts'
import { createCanonicals } from './publish/canonical.ts'
import { subjects, topicOf } from './publish/topics.ts'
import { createBatcher } from './record/batcher.ts'
import type { LedgerStep } from './record/ledger.ts'
import { prepareSeal } from './record/seal.ts'
import { createIds, createRandom } from './random.ts'
import { keysFor, ledgerFile, requireOurLog } from './start-checks.ts'
import { endAllLeases } from './store/leases.ts'
import { createExaminer } from './validate/examiner.ts'

/** What a test, a benchmark or an embedder may replace. The only dependency injection there is. */
export interface Overrides {
  readonly clock?: Clock
  readonly log?: Logger
  readonly store?: (keys: Keys) => Promise<Store>
  readonly bus?: Bus
  readonly timestamps?: TimestampAuthority
  /** Fault injection: called between the steps of the flow. */
  readonly at?: (point: CrashPoint) => void
  /** Fault injection inside the ledger's transaction. */
  readonly killAt?: LedgerStep | 'committed'
}

export interface WiredHub extends Hub {
  readonly log: Logger
  /** Resolves when the hub can no longer know its own state and the process must stop. */
  readonly failed: Promise<Error>
  /** Refuses newcomers, sends home whoever waits for news, ends the loops. */
  beginStop(): void
  /** Takes the place of the one hub that serves from an embedded store; replicas share theirs. @throws AlreadyServingError */
  claim(): Promise<void>
  /** Everybody already in gets an answer, then files and threads are closed. */
  close(): Promise<void>
}

/** Canonical forms kept in memory between acceptance and delivery. */
const recentCanonicals = 2_000

/** Picks the adapters and builds the one object that the flow depends on. Nothing else imports `adapters/`. */
export async function wire(config: Config, overrides: Overrides = {}): Promise<WiredHub> {
  const clock = overrides.clock ?? ((): Date => new Date())
  const log = overrides.log ?? pino({ level: config.logLevel })
  const keys = keysFor(config, clock())
  const timestamps = overrides.timestamps ?? sandboxClock(keys, clock)
  const events = createEvents(log)
  const store = await openStore({ config, keys, overrides, events })
  await requireOurLog(store, keys)
  const batcher = createBatcher(store, config)
  const examiner = createExaminer({ maxBytes: config.maxBodyBytes, packsDirectory: config.packsDirectory }, clock)
  const webhooks = createWebhookSender({
    timeoutMs: config.webhookTimeoutMs,
    allowInternal: config.webhookPrivateAddresses,
  })
  const bus = overrides.bus ?? openBus(config, events)
  const cache = openCache(config, events)
  const stop = new AbortController()
  let release = (): void => undefined
  const random = createRandom()
  const newId = createIds(random)
  const token = {
    privateKey: keys.token.privateKey,
    publicKey: keys.token.publicKey,
    lifetimeSeconds: config.tokenLifetimeSeconds,
  }
  return {
    config,
    keys,
    store,
    bus,
    cache,
    batcher,
    examiner,
    webhooks,
    log,
    clock,
    failed: store.failed,
    timestamps,
    sealer: prepareSeal(keys.seal.privateKey, keys.seal.certificate, keys.seal.chain),
    canonicals: createCanonicals(recentCanonicals),
    accounts: createAccounts(store, clock),
    certificates: createClientCertificates(config.trustedProxies),
    tokens: createTokens({ environment: config.environment, issuer: config.publicUrl, ...token }, clock),
    events,
    newId,
    holder: newId(),
    randomBytes: random,
    recorded: createSignal(),
    stopping: stop.signal,
    pause: async (ms, signal) => await sleep(ms, undefined, { signal }).catch(() => undefined),
    at: overrides.at ?? ((): void => undefined),
    beginStop: () => stop.abort(),
    async claim() {
      if (store.dialect === 'postgres') return
      release = claimDirectory(join(config.dataDirectory, 'serving.lock'))
      // The lock says that whoever held them is gone.
      await endAllLeases(store.writer)
    },
    async close() {
      stop.abort()
      await batcher.drain()
      await Promise.all([examiner.close(), webhooks.close(), bus.close(), cache.close()])
      await store.close()
      release()
    },
  }
}

interface Parts extends Pick<Hub, 'config' | 'keys' | 'events'> {
  readonly overrides: Overrides
}

type OpenStore = Store & { readonly failed: Promise<Error> }

async function openStore({ config, keys, overrides, events }: Parts): Promise<OpenStore> {
  if (overrides.store) return { ...(await overrides.store(keys)), failed: new Promise(() => undefined) }
  const log = { origin: config.logOrigin, logKey: keys.log.privateKey }
  const killAt = overrides.killAt ? { killAt: overrides.killAt } : {}
  const { postgres } = config.servers
  if (postgres) {
    const { migrationUrl, ...settings } = postgres
    return await openPostgresStore({ ...settings, ...(migrationUrl ? { migrationUrl } : {}), ...log, ...killAt })
  }
  const file = join(config.dataDirectory, ledgerFile)
  const start = { file, ...log, allowInMemory: config.environment === 'sandbox', ...killAt }
  return await openSqliteStore(start, (message) => events.failed('wal-checkpoint', new Error(message)))
}

/** The hub starts and accepts while Kafka is away: the ledger is the outbox. */
function openBus({ environment, servers: { kafka } }: Config, events: Events): Bus {
  if (!kafka) return createMemoryBus()
  const topics = subjects.map((subject) => topicOf(environment, subject))
  return createKafkaBus({ ...kafka, topics }, (error) => events.failed('kafka', error))
}

function openCache({ environment, servers: { redisUrl } }: Config, events: Events): Cache {
  if (redisUrl === undefined) return createMemoryCache()
  return createRedisCache({ url: redisUrl, environment, onAway: (error) => events.failed('redis', error) })
}

/** The sandbox has its own authority. Production needs an outside one, whose client is not there yet: better no start than a hub that vouches for its own time. */
function sandboxClock(keys: Keys, clock: Clock): TimestampAuthority {
  if (!keys.timestamp)
    throw new Error(
      'production needs an outside RFC 3161 authority, and this version has no client for one: run the sandbox',
    )
  return createLocalTimestampAuthority({ identity: keys.timestamp, chain: keys.timestamp.chain, clock })
}
