import type { Hub } from '../hub.ts'
import { readCursor } from '../store/cursors.ts'
import { readHead } from '../store/ledger-rows.ts'
import { relayCursor } from './relay.ts'

/** How often it looks, when a standstill is one, and how often it is told. Milliseconds. */
export interface StallLimits {
  readonly lookMs: number
  readonly stalledMs: number
  readonly repeatMs: number
}

const limits: StallLimits = { lookMs: 5_000, stalledMs: 30_000, repeatMs: 60_000 }

/**
 * Alarms when the ledger has entries for the bus and the relay's saved cursor does not move, whatever the reason: the bus
 * is away, the relay hangs, no replica holds its lease. So it looks at the store, and in every replica. Deposits are
 * accepted meanwhile: nothing here makes the hub less ready.
 */
export async function watchRelay(
  hub: Pick<Hub, 'store' | 'events' | 'pause'>,
  signal: AbortSignal,
  { lookMs, stalledMs, repeatMs }: StallLimits = limits,
): Promise<void> {
  let reached = -1
  let movedAt = performance.now()
  let toldAt = Number.NEGATIVE_INFINITY
  while (!signal.aborted) {
    const { behind, position } = await lookAt(hub)
    const now = performance.now()
    if (behind === 0 || position !== reached) movedAt = now
    reached = position
    if (now - movedAt >= stalledMs && now - toldAt >= repeatMs) {
      const seconds = Math.round((now - movedAt) / 1_000)
      hub.events.failed(
        'relay-stalled',
        new Error(`${behind} entries wait for the bus, and none went for ${seconds} s`),
      )
      toldAt = now
    }
    await hub.pause(lookMs, signal)
  }
}

/** A store that does not answer is told by whoever needs it; it says nothing about the relay. */
async function lookAt({ store, events }: Pick<Hub, 'store' | 'events'>): Promise<{ behind: number; position: number }> {
  try {
    const size = (await readHead(store.reader))?.size ?? 0
    const position = await readCursor(store.reader, relayCursor)
    const behind = Math.max(0, size - position)
    events.behind(behind)
    return { behind, position }
  } catch {
    return { behind: 0, position: -1 }
  }
}
