import type { Kind } from '@socle/schemas'
import { HubError } from '../errors.ts'
import type { Hub } from '../hub.ts'
import { readOldestUnstamped } from '../store/time-tokens.ts'

/** Kinds with a legal deadline: stamped at once, so that the outside clock speaks within a second of the deposit. */
export const urgentKind: Kind = 'dume-response'

/** How long the hub has been without an outside clock, as far as its documents are concerned. */
export interface Outage {
  /**
   * Costs nothing: what it says was read from the store at most a second ago (in every replica: the stamper may run in
   * another one), or a moment ago by the stamper itself.
   * @throws HubError TIME_UNAVAILABLE when documents of that kind are no longer accepted
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
 * Measures the age of the oldest entry that no token covers. Until it is due (HUB_TIMESTAMP_EVERY; at once for urgent
 * kinds) plus the outage that is put up with, documents go on being accepted, and the metric and the failures tell.
 * Beyond, new ones are refused: nobody could show when they came. One token covers all that waits, and ends it.
 */
export function watchOutage(hub: Needs, stopping: AbortSignal): Outage {
  const { timestampEverySeconds, servers } = hub.config
  const { outageMs, urgentOutageMs } = servers.time
  let ageMs = 0

  async function look(): Promise<void> {
    try {
      const oldest = await readOldestUnstamped(hub.store.reader)
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
      const limit = kind === urgentKind ? urgentOutageMs : timestampEverySeconds * 1_000 + outageMs
      if (ageMs > limit) throw new HubError('TIME_UNAVAILABLE', { retryAfterSeconds })
    },
    look,
  }
}
