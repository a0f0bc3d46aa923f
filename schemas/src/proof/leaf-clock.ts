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
   * @param at the leaf's own time, in milliseconds since 1970
   * @returns the reason when an outside clock contradicts it
   */
  check(index: number, at: number): string | undefined
  /** True when one of the tokens is that of this entry. */
  isNamed(index: number): boolean
}

/**
 * Each leaf is younger than the tokens logged before it and older than the tokens over a checkpoint that holds it.
 * @param tokens in the order of the log
 */
export function createLeafClock(tokens: readonly LoggedTime[]): LeafClock {
  const latest = earliestFrom(tokens)
  let before = 0
  let after = 0
  let named = 0
  let lower = Number.NEGATIVE_INFINITY
  return {
    check(index, at) {
      for (let token = tokens[before]; token !== undefined && token.index < index; token = tokens[++before])
        lower = Math.max(lower, token.time.getTime() - token.accuracyMs)
      while ((tokens[after]?.size ?? index + 1) <= index) after++
      const upper = latest[after] ?? Number.POSITIVE_INFINITY
      if (at < lower - clockToleranceMs) return `${textOf(at)} is before ${textOf(lower)}, when it was not there yet`
      if (at > upper + clockToleranceMs) return `${textOf(at)} is after ${textOf(upper)}, when it was there already`
      return undefined
    },
    isNamed(index) {
      while ((tokens[named]?.index ?? index) < index) named++
      return tokens[named]?.index === index
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

/** A token may claim any accuracy, and so a bound outside what a date can be. */
function textOf(time: number): string {
  return Math.abs(time) <= 8.64e15 ? new Date(time).toISOString() : `${time} ms`
}
