import type { Config } from './config.ts'
import type { ClientCertificates } from './authenticate/client-certificate.ts'
import type { Tokens } from './authenticate/tokens.ts'
import type { Accounts } from './directory/accounts.ts'
import type { Events } from './events.ts'
import type { Keys } from './keys/key-store.ts'
import type { Bus, Cache, Clock, Store, TimestampAuthority } from './ports.ts'
import type { Canonicals } from './publish/canonical.ts'
import type { Batcher } from './record/batcher.ts'
import type { Continuity } from './record/continuity.ts'
import type { Outage } from './record/outage.ts'
import type { KeyLog } from './record/key-log.ts'
import type { Sealer } from './record/seal-keys.ts'
import type { Witness } from './record/witness.ts'
import type { WebhookSender } from './deliver/webhook.ts'
import type { Examiner } from './validate/examiner.ts'

/** Steps between which a crash is rehearsed (test/src/fault). Nothing in production listens. */
export type CrashPoint =
  | 'received'
  | 'validated'
  | 'sealed'
  | 'recorded'
  | 'published'
  | 'relay-moved'
  | 'delivered'
  | 'stamped'

/** What the store's ledger is called, and where the log that this hub goes on with begins in it. */
export interface Ledger {
  /** Origin of its first log, for ever: events and cursors count in it, whichever half-year's log goes on. */
  readonly name: string
  /** Number of our log's first entry: index in the log = number - first. */
  readonly first: number
}

/** Everything the flow depends on, built once by `wire`. Functions take the part they use: `Pick<Hub, ...>`. */
export interface Hub {
  readonly config: Config
  readonly keys: Keys
  readonly store: Store
  readonly ledger: Ledger
  readonly bus: Bus
  readonly cache: Cache
  readonly timestamps: TimestampAuthority
  readonly outage: Outage
  readonly continuity: Continuity
  /** Who watches the log from outside; often nobody. */
  readonly witnesses: readonly Witness[]
  readonly sealer: Sealer
  /** What the log says of keys. */
  readonly keyLog: KeyLog
  readonly batcher: Batcher
  readonly examiner: Examiner
  readonly canonicals: Canonicals
  readonly accounts: Accounts
  readonly tokens: Tokens
  readonly certificates: ClientCertificates
  readonly webhooks: WebhookSender
  readonly events: Events
  readonly clock: Clock
  /** Name of this process among the replicas, new at each start. */
  readonly holder: string
  /** UUID version 7: time-ordered, given once, never again for another thing. */
  readonly newId: () => string
  readonly randomBytes: (size: number) => Uint8Array
  /** Wakes whoever waits for new entries (feed, relay, webhooks). */
  readonly recorded: Signal
  /** Aborted when the hub stops: nothing new is started. */
  readonly stopping: AbortSignal
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>
  readonly at: (point: CrashPoint) => void
}

/** "Something was recorded": loops wait for it with a time-out, so a lost wake-up only costs the time-out. */
export interface Signal {
  notify(): void
  /** Resolves at the next notify, after `ms`, or when aborted; whichever comes first. */
  wait(ms: number, signal?: AbortSignal): Promise<void>
}

export function createSignal(): Signal {
  const waiting = new Set<() => void>()
  return {
    notify() {
      for (const wake of waiting) wake()
      waiting.clear()
    },
    async wait(ms, signal) {
      if (signal?.aborted === true) return
      await new Promise<void>((resolve) => {
        const done = (): void => {
          clearTimeout(timer)
          signal?.removeEventListener('abort', done)
          waiting.delete(done)
          resolve()
        }
        const timer = setTimeout(done, ms)
        signal?.addEventListener('abort', done)
        waiting.add(done)
      })
    },
  }
}
