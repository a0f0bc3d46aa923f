import type { Hub } from '../hub.ts'
import { readUntimed } from '../store/seal-tokens.ts'
import { urgentKind } from './outage.ts'
import { SealDamagedError, stampSeal } from './seal-token.ts'

/** Tokens asked for in one go, so that the checkpoints' turn is never far. */
const batch = 10
/** After a failure. */
const restMs = 30_000

export interface SealStamper {
  /** Something may wait. */
  wake(): void
  /**
   * Stamps some of what waits while `held`. A failure is told and tried again later; it stops nobody. A seal that is
   * damaged is told once a start and passed over.
   */
  work(held: () => boolean): Promise<void>
}

/**
 * Has the seals of urgent documents stamped one by one, behind their checkpoint: the other kinds wait until somebody asks
 * for their evidence. Begins at the first entry at each start; what has a token already is passed over.
 */
export function createSealStamper(hub: Pick<Hub, 'store' | 'keys' | 'timestamps' | 'events'>): SealStamper {
  let from = 0
  let waits = true
  let restsUntil = 0
  return {
    wake() {
      waits = true
    },
    async work(held) {
      if (!waits || performance.now() < restsUntil) return
      try {
        const found = await readUntimed(hub.store.reader, { kind: urgentKind, from, limit: batch })
        for (const index of found) {
          if (!held()) return
          await stampSeal(hub, index).catch((error: unknown) => {
            if (!(error instanceof SealDamagedError)) throw error
            hub.events.failed('seal-timestamp', error)
          })
          from = index + 1
        }
        waits = found.length === batch
      } catch (error) {
        hub.events.failed('seal-timestamp', error)
        restsUntil = performance.now() + restMs
      }
    },
  }
}
