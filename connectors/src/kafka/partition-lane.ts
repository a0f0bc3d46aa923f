import { reasonFor } from '../kit/reason.ts'
import type { ConsumerNeeds } from './needs.ts'
import type { KafkaRecord } from './record.ts'
import { takeRecord } from './take-record.ts'
import type { Place, TroubleKind } from './trouble.ts'

export type LaneState = 'idle' | 'busy' | TroubleKind

/** One topic-partition of this consumer: its records, one at a time, whatever the group does meanwhile. */
export interface Lane {
  readonly place: Place
  state(): LaneState
  /** Offset of the record that stopped it. */
  stoppedAt(): number
  /** Resolves when the records are done, or the lane stopped. Refused (false) while it is busy or stopped. */
  take(records: readonly KafkaRecord[]): Promise<boolean>
  /** A stopped lane may take records again. */
  release(): void
  /** Resolves when nothing is being handled. */
  idle(): Promise<void>
}

export function createLane(needs: ConsumerNeeds, place: Place): Lane {
  let state: LaneState = 'idle'
  let running: Promise<void> = Promise.resolve()
  // Behind a gap of offsets the client may have skipped a record, or retention has: one more look decides. An offset that
  // goes back (a topic made again, a batch that came late) needs none: what is a repetition is told by hub-seq alone.
  let lookedAgainAt = -1
  let stoppedAt = 0

  const runThrough = async (records: readonly KafkaRecord[]): Promise<void> => {
    for (const record of records) {
      if (needs.signal.aborted) return
      const next = needs.progress.of(place)?.next ?? 0
      if (record.offset > next && next > 0 && lookedAgainAt !== next) {
        lookedAgainAt = next
        return
      }
      const taken = await takeRecord(needs, record)
      if (taken.is === 'done') continue
      if (taken.is === 'stopped') {
        // First the state: whoever is told may answer at once.
        ;[state, stoppedAt] = [taken.by.kind, record.offset]
        needs.trouble(taken.by)
      }
      return
    }
  }
  return {
    place,
    state: () => state,
    stoppedAt: () => stoppedAt,
    async take(records) {
      if (state !== 'idle') return false
      state = 'busy'
      const mine = runThrough(records).catch(async (error: unknown) => {
        needs.trouble({ kind: 'storage', ...place, reason: reasonFor(error) })
        await needs.sleep(needs.limits.longestWaitMs, needs.signal)
      })
      running = mine
      await mine
      // It may have stopped, and whoever was told may have started the next run already.
      if ((state as LaneState) === 'busy' && running === mine) state = 'idle'
      return true
    },
    release() {
      if (state !== 'busy') state = 'idle'
    },
    async idle() {
      await running
    },
  }
}
