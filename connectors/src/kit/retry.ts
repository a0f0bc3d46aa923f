import type { ClientLimits } from './limits.ts'

/** Where a call stands after a try that failed for a reason that time may cure. */
export interface Standing {
  /** Tries made, the failed one included. */
  readonly tries: number
  readonly elapsedMs: number
  /** What the hub asked to wait. */
  readonly retryAfterMs: number | undefined
}

export type Next = { readonly do: 'retry'; readonly afterMs: number } | { readonly do: 'give-up' }

/**
 * Pure schedule: the wait doubles from the first to the longest, and its second half is random so that connectors that
 * failed together do not come back together. Retry-After is a least wait. A wait that would end after the time of the
 * call is not begun.
 * @param random from 0 to 1
 */
export function nextTry(standing: Standing, limits: ClientLimits, random: number): Next {
  const { tries, elapsedMs, retryAfterMs = 0 } = standing
  if (tries >= limits.maxTries) return { do: 'give-up' }
  const whole = backOff(tries, limits.firstWaitMs, limits.longestWaitMs)
  const afterMs = Math.round(Math.max(whole * (0.5 + 0.5 * random), retryAfterMs))
  return elapsedMs + afterMs >= limits.totalMs ? { do: 'give-up' } : { do: 'retry', afterMs }
}

/** Wait after that many failures in a row, without chance. */
export function backOff(failures: number, firstMs: number, longestMs: number): number {
  return Math.min(longestMs, firstMs * 2 ** Math.min(failures - 1, 30))
}

/** Retry-After in either of its forms (RFC 9110 section 10.2.3), as milliseconds from now; undefined when unreadable. */
export function readRetryAfter(header: string | undefined, now: Date): number | undefined {
  const text = header?.trim() ?? ''
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000
  if (!/^[A-Z][a-z]{2}, /.test(text)) return undefined
  const at = Date.parse(text)
  return Number.isNaN(at) ? undefined : Math.max(0, at - now.getTime())
}
