import type { Hub } from '../hub.ts'
import type { Lease } from '../lease.ts'
import { readRecordsUntil } from '../store/evidence-records.ts'
import { archiveNext } from './evidence-record.ts'

/** A day is archived once, whenever after its end; looked for this often. */
const lookMs = 600_000
/** From here on somebody should renew what ends (deploy/runbooks/evidence-renewal.md). */
const warnMs = 180 * 86_400_000

/**
 * Archives each day that is over (RFC 4998), in one replica. The authorities being away stops nothing here: the event
 * says so, and the next look tries again, with the seals' timestamps that are still missing. Nothing is renewed by itself: that is a decision, and the alarm asks for it.
 */
export async function archiveDays(hub: Hub, lease: Lease, signal: AbortSignal): Promise<void> {
  const goesOn = (): boolean => lease.held() && !signal.aborted
  while (goesOn()) {
    try {
      const today = hub.clock().toISOString().slice(0, 10)
      while (goesOn() && (await archiveNext(hub, today, undefined, goesOn)));
      const ending = await readRecordsUntil(hub.store.reader, new Date(hub.clock().getTime() + warnMs))
      if (ending)
        hub.events.failed('archive', new Error(`the evidence of ${ending.day} holds until ${ending.until} only`))
    } catch (error) {
      hub.events.failed('archive', error)
    }
    await hub.pause(lookMs, signal)
  }
}
