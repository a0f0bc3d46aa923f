import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pino, type Logger } from 'pino'
import { openBus, openCache, openClock, type OpenStore, openStore, openWitnesses } from './adapters/choose.ts'
import { claimDirectory } from './adapters/sqlite-claim.ts'
import { createClientCertificates } from './authenticate/client-certificate.ts'
import { createTokens } from './authenticate/tokens.ts'
import type { Config } from './config.ts'
import { createWebhookSender, type WebhookSender } from './deliver/webhook.ts'
import { createAccounts } from './directory/accounts.ts'
import { createEvents } from './events.ts'
import { type CrashPoint, createSignal, type Hub, type Ledger } from './hub.ts'
import type { Keys } from './keys/key-store.ts'
import type { Bus, Clock, Store, TimestampAuthority } from './ports.ts'
import { createCanonicals } from './publish/canonical.ts'
import { tellOperators } from './record/append-failure.ts'
import { createBatcher } from './record/batcher.ts'
import { createContinuity } from './record/continuity.ts'
import type { LedgerStep } from './record/ledger.ts'
import { watchOutage } from './record/outage.ts'
import { createIds, createRandom } from './random.ts'
import { seldom } from './seldom.ts'
import { sealingOf } from './sealing.ts'
import { keysFor, requireOurLog } from './start-checks.ts'
import { requireOurStorageKey } from './store/consultation-keys.ts'
import { endAllLeases } from './store/leases.ts'
import { readHead } from './store/ledger-rows.ts'
import { readLedgerName } from './store/shards.ts'
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

/** Canonical forms kept in memory between acceptance and delivery: large ones must not fill it. */
const recentCanonicals = { documents: 2_000, bytes: 32 * 1024 * 1024 }

/** While the store takes no entries, how often the reason is told. */
const tellMs = 5_000

/** At the end, for the last look at the head. */
const rememberMs = 2_000

/** Builds the one object that the flow depends on. Nothing else imports `adapters/`, where the settings choose. */
export async function wire(config: Config, overrides: Overrides = {}): Promise<WiredHub> {
  const clock = overrides.clock ?? ((): Date => new Date())
  const log = overrides.log ?? pino({ level: config.logLevel })
  const keys = keysFor(config, clock())
  const events = createEvents(log)
  const stop = new AbortController()
  const timestamps = overrides.timestamps ?? openClock({ config, keys, clock, events, stopping: stop.signal })
  const store = await storeOf({ config, keys, events }, overrides)
  const examiner = createExaminer(config, clock, (error) => events.failed('examiner', error))
  const webhooks = webhooksOf(config)
  const bus = overrides.bus ?? openBus(config, events)
  const cache = openCache(config, events)
  const { ledger, continuity, batcher } = await appendingOf({ config, keys, store, bus, events, pause }, clock)
  let release = (): void => undefined
  const randomBytes = createRandom()
  const newId = createIds(randomBytes)
  return {
    config,
    keys,
    store,
    ledger,
    bus,
    cache,
    batcher,
    examiner,
    webhooks,
    log,
    clock,
    failed: store.failed,
    timestamps,
    continuity,
    witnesses: openWitnesses(config),
    outage: watchOutage({ config, store, clock, events }, stop.signal),
    ...(await sealingOf({ config, keys, store, events, clock }, stop.signal)),
    canonicals: createCanonicals(recentCanonicals),
    ...callersOf({ config, keys, store, clock }),
    events,
    newId,
    holder: newId(),
    randomBytes,
    recorded: createSignal(),
    stopping: stop.signal,
    pause,
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
      await Promise.all([examiner.close(), webhooks.close(), bus.close(), cache.close(), remember(continuity)])
      await store.close()
      release()
    },
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined)
}

/** Nothing is appended by a hub that knows of a later log than its own. */
async function appendingOf(
  parts: Omit<Parameters<typeof createContinuity>[0], 'ledger'>,
  clock: Clock,
): Promise<Pick<Hub, 'ledger' | 'continuity' | 'batcher'>> {
  const ledger = await ledgerIn(parts.store, parts.config)
  const continuity = createContinuity({ ...parts, ledger })
  await continuity.compareWithFile()
  // Callers are told to come back; only operators are told why.
  const tell = seldom(tellMs, (error: unknown) => tellOperators(parts.events, error))
  const append: Store['append'] = async (entries) => {
    try {
      return await parts.store.append(entries)
    } catch (error) {
      tell(error)
      throw error
    }
  }
  const batcher = createBatcher({ append }, parts.config, clock, () => continuity.requireWhole())
  return { ledger, continuity, batcher }
}

/** What tells one caller from another. */
function callersOf({
  config,
  keys,
  store,
  clock,
}: Pick<Hub, 'config' | 'keys' | 'store' | 'clock'>): Pick<Hub, 'accounts' | 'certificates' | 'tokens'> {
  return {
    accounts: createAccounts(store, clock),
    certificates: createClientCertificates(config.trustedProxies),
    tokens: createTokens(tokenSettings(config, keys), clock),
  }
}

function webhooksOf({ webhookTimeoutMs: timeoutMs, webhookPrivateAddresses: allowInternal }: Config): WebhookSender {
  return createWebhookSender({ timeoutMs, allowInternal })
}

function tokenSettings(
  { environment, publicUrl: issuer, tokenLifetimeSeconds: lifetimeSeconds }: Config,
  { token }: Keys,
): Parameters<typeof createTokens>[0] {
  return { environment, issuer, lifetimeSeconds, ...token }
}

/** A store that does not answer any more has told us already, and holds nobody back. */
async function remember(continuity: Hub['continuity']): Promise<void> {
  await Promise.race([continuity.remember().catch(() => undefined), sleep(rememberMs, undefined, { ref: false })])
}

/** The log in the store is ours (`requireOurLog`); where it begins no longer changes while we run. */
async function ledgerIn({ reader }: Store, { logOrigin }: Config): Promise<Ledger> {
  return { name: (await readLedgerName(reader)) ?? logOrigin, first: (await readHead(reader))?.first ?? 0 }
}

async function storeOf(parts: Pick<Hub, 'config' | 'keys' | 'events'>, overrides: Overrides): Promise<OpenStore> {
  const given = await overrides.store?.(parts.keys)
  const store = given
    ? { ...given, failed: new Promise<never>(() => undefined) }
    : await openStore(parts, overrides.killAt)
  await requireOurLog(store, parts.keys)
  await requireOurStorageKey(store).catch(async (error: unknown) => {
    await store.close()
    throw error
  })
  return store
}
