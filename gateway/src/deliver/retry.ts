/** What went wrong with one webhook attempt: an HTTP status, or no answer at all. */
export interface AttemptFailure {
  readonly status: number | undefined
  readonly retryAfterSeconds: number | undefined
}

export type Next =
  | { readonly do: 'retry'; readonly afterMs: number }
  | { readonly do: 'stop'; readonly status: 'paused' | 'disabled' }

/** Delays before the attempts after the first, in seconds: 10 tries over about 2 days. Then the pull feed remains. */
const delays = [1, 5, 30, 120, 600, 3_600, 14_400, 57_600, 86_400]

/**
 * Pure schedule. 410 means "stop sending" and disables; statuses that no repetition can cure pause the subscription for a
 * person to look at; anything else is tried again. Nothing is ever dropped: a subscription that starts again goes on
 * where it stood.
 * @param failures attempts that failed in a row, this one included
 * @param random 0 to 1, spreads retries of many subscriptions
 */
export function nextAttempt(failures: number, failure: AttemptFailure, random: number): Next {
  if (failure.status === 410) return { do: 'stop', status: 'disabled' }
  const curable = failure.status === undefined || [408, 425, 429].includes(failure.status) || failure.status >= 500
  // A receiver being installed answers 404 or 401 for a while: give it the quick tries before pausing.
  if (!curable && failures >= 3) return { do: 'stop', status: 'paused' }
  const delay = delays[failures - 1]
  if (delay === undefined) return { do: 'stop', status: 'paused' }
  const asked = Math.min(failure.retryAfterSeconds ?? 0, 86_400)
  return { do: 'retry', afterMs: Math.round(Math.max(delay * (0.8 + 0.4 * random), asked) * 1_000) }
}
