import type { Clock } from '../kit/connector.ts'
import { backOff } from '../kit/retry.ts'
import type { ConsumerNeeds } from './needs.ts'
import { tryHandler } from './take-record.ts'

/** How long the loop sleeps at most before it looks at the parked consultations again. */
const lookMs = 1_000

export interface ParkRetries {
  /** Tries those whose time has come, until the signal. */
  readonly run: () => Promise<void>
  /** Tries one consultation now, in order. True when nothing of it is parked any more. */
  readonly now: (consultation: string) => Promise<boolean>
}

/**
 * The parked consultations come again, each with its own doubling wait, oldest event first: the second is not tried
 * before the first succeeded. After a restart each is tried at once.
 * @param freed told after events left the park: partitions that stopped for lack of room may go on
 */
export function createParkRetries(needs: ConsumerNeeds, freed: () => void, clock: Clock): ParkRetries {
  const { park, turns, limits, sleep, signal, tell } = needs
  const now = (): number => clock().getTime()
  const waits = new Map(park.consultations().map((consultation) => [consultation, { failures: 0, until: 0 }]))

  const retry = async (consultation: string): Promise<boolean> => {
    for (const parked of park.of(consultation)) {
      const failure = await tryHandler(needs, parked.record, 1)
      if (failure !== undefined) {
        const failures = (waits.get(consultation)?.failures ?? 0) + 1
        waits.set(consultation, {
          failures,
          until: now() + backOff(failures, limits.parkFirstMs, limits.parkLongestMs),
        })
        return false
      }
      await park.remove(parked)
      tell('unparked', { consultation, offset: parked.record.offset })
      freed()
    }
    waits.delete(consultation)
    return true
  }
  const isDue = (consultation: string): boolean => {
    const wait = waits.get(consultation) ?? { failures: 0, until: now() + limits.parkFirstMs }
    waits.set(consultation, wait)
    return wait.until <= now()
  }
  const retryInTurn = async (consultation: string): Promise<boolean> =>
    await turns(consultation, async () => await retry(consultation))

  return {
    now: retryInTurn,
    async run() {
      while (!signal.aborted) {
        for (const consultation of park.consultations()) {
          if (signal.aborted) return
          // A disk that refuses now is asked again: the event stays parked, its handler runs again.
          if (isDue(consultation)) await retryInTurn(consultation).catch(() => false)
        }
        await sleep(lookMs, signal)
      }
    },
  }
}
