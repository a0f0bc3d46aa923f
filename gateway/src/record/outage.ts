import type { Kind } from '@socle/schemas'
import { HubError } from '../errors.ts'
import type { Hub } from '../hub.ts'
import { readStoreClock } from '../store/leases.ts'
import { readOldestUnstamped } from '../store/time-tokens.ts'

/** Kinds with a legal deadline: stamped at once, so that the outside clock speaks within a second of the deposit. */
export const urgentKind: Kind = 'dume-response'

/** How long the hub has been without an outside clock, as far as its documents are concerned. */
export interface Outage {
  /**
   * Costs nothing: what it says was read from the store at most a second ago (in every replica: the stamper may run in
   * another one), or a moment ago by the stamper itself.
   * @throws HubError TIME_UNAVAILABLE when documents of that kind are no longer accepted, CLOCK_ASTRAY when this replica's
   *   own clock is far from the store's
   */
  requireTime(kind: Kind): void
  /** Looks at the store now. */
  look(): Promise<void>
}

type Needs = Pick<Hub, 'config' | 'store' | 'clock' | 'events'>

const lookMs = 1_000
/** What a refused sender should wait: stamping is tried again within that. */
const retryAfterSeconds = 60

/**
 * How far our clock may be from the store's, which replicas share. An entry dated an hour ahead would have every verifier
 * refuse the times of the log for good (they allow 30 s): better that this replica records nothing.
 */
const clockLimitMs = 10_000
/** Another replica, whose clock is right, may answer at once. */
const otherReplicaSeconds = 1

/**
 * Measures the age of the oldest entry that no token covers. Until it is due (HUB_TIMESTAMP_EVERY; at once for urgent
 * kinds) plus the outage that is put up with, documents go on being accepted, and the metric and the failures tell.
 * Beyond, new ones are refused: nobody could show when they came. One token covers all that waits, and ends it.
 */
export function watchOutage(hub: Needs, stopping: AbortSignal): Outage {
  const { timestampEverySeconds, servers } = hub.config
  const { outageMs, urgentOutageMs } = servers.time
  const { reader, dialect } = hub.store
  let ageMs = 0
  let astrayMs = 0

  async function compareClocks(): Promise<void> {
    // The embedded store's clock is our own.
    if (dialect === 'sqlite') return
    const asked = hub.clock().getTime()
    const theirs = await readStoreClock(reader, dialect)
    const answered = hub.clock().getTime()
    // Somewhere in between is when they looked: a slow answer is no wrong clock.
    astrayMs = Math.max(0, asked - theirs, theirs - answered)
    if (astrayMs > clockLimitMs)
      hub.events.failed('clock', new Error(`our clock is ${astrayMs} ms from the store's: deposits are refused here`))
  }

  async function look(): Promise<void> {
    try {
      await compareClocks()
      const oldest = await readOldestUnstamped(reader)
      ageMs = oldest ? Math.max(0, hub.clock().getTime() - oldest.getTime()) : 0
      hub.events.unstamped(ageMs / 1_000)
    } catch {
      // A store that does not answer is told by whoever needs it; the age stays as it was known last.
    }
  }
  const timer = setInterval(() => void look(), lookMs)
  timer.unref()
  stopping.addEventListener('abort', () => clearInterval(timer))
  return {
    requireTime(kind) {
      if (astrayMs > clockLimitMs) throw new HubError('CLOCK_ASTRAY', { retryAfterSeconds: otherReplicaSeconds })
      const limit = kind === urgentKind ? urgentOutageMs : timestampEverySeconds * 1_000 + outageMs
      if (ageMs > limit) throw new HubError('TIME_UNAVAILABLE', { retryAfterSeconds })
    },
    look,
  }
}
