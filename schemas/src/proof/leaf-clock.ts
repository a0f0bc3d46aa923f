import type { OutsideTime } from './timestamp-order.ts'

/**
 * How far the hub's clock may be from the outside one, and how long an entry may be on its way between the clock and
 * its number. Beyond that a leaf's time is contradicted.
 */
export const clockToleranceMs = 30_000

/** A token as the log tells it. */
export interface LoggedTime extends OutsideTime {
  /** Index of the `ts` entry. */
  readonly index: number
  /** Size of the checkpoint under the token: every entry before it was there. */
  readonly size: number
}

/** Judges the times of leaves, asked in the order of the log. */
export interface LeafClock {
  /**
   * @param at the leaf's own time
   * @returns the reason when an outside clock contradicts it
   */
  check(index: number, at: string): string | undefined
}

/**
 * Each leaf is younger than the tokens logged before it and older than the tokens over a checkpoint that holds it.
 * @param tokens in the order of the log
 */
export function createLeafClock(tokens: readonly LoggedTime[]): LeafClock {
  const latest = earliestFrom(tokens)
  let before = 0
  let after = 0
  let lower = Number.NEGATIVE_INFINITY
  return {
    check(index, at) {
      for (let token = tokens[before]; token !== undefined && token.index < index; token = tokens[++before])
        lower = Math.max(lower, token.time.getTime() - token.accuracyMs)
      while ((tokens[after]?.size ?? index + 1) <= index) after++
      const upper = latest[after] ?? Number.POSITIVE_INFINITY
      const time = Date.parse(at)
      if (time < lower - clockToleranceMs) return `${at} is before ${textOf(lower)}, when it was not there yet`
      if (time > upper + clockToleranceMs) return `${at} is after ${textOf(upper)}, when it was there already`
      return undefined
    },
  }
}

/** For each token the earliest time that it or one after it gives. */
function earliestFrom(tokens: readonly LoggedTime[]): readonly number[] {
  const earliest: number[] = []
  let found = Number.POSITIVE_INFINITY
  for (const { time, accuracyMs } of tokens.toReversed()) {
    found = Math.min(found, time.getTime() + accuracyMs)
    earliest.push(found)
  }
  return earliest.toReversed()
}

function textOf(time: number): string {
  return new Date(time).toISOString()
}
