const hour = 3_600_000
const day = 24 * hour

/** What a clock time of metropolitan France is: its offset from UTC, or why it has none. */
export type ParisTime =
  | { readonly offset: '+01:00' | '+02:00' }
  /** The hour that is skipped in March, or told twice in October. */
  | { readonly offset: undefined }

/**
 * The offset of Paris for a clock time, `2026-07-25` and `12:00:00`. Directive 2000/84/EC: summer time runs from the last
 * Sunday of March to the last Sunday of October, both at 01:00 UTC; so it has been since 1996. Earlier years: undefined.
 */
export function offsetInParis(on: string, time: string): ParisTime {
  const clock = Date.parse(`${on}T${time.slice(0, 8)}Z`)
  const year = Number(on.slice(0, 4))
  if (Number.isNaN(clock) || year < 1996) return { offset: undefined }
  const start = lastSunday(year, 2) + hour
  const end = lastSunday(year, 9) + hour
  const isWinter = !isSummer(clock - hour, start, end)
  const isInSummer = isSummer(clock - 2 * hour, start, end)
  // Both readings hold in the hour told twice, neither in the hour that is skipped.
  if (isWinter === isInSummer) return { offset: undefined }
  return { offset: isInSummer ? '+02:00' : '+01:00' }
}

function isSummer(at: number, start: number, end: number): boolean {
  return at >= start && at < end
}

function lastSunday(year: number, month: number): number {
  const last = Date.UTC(year, month + 1, 0)
  return last - new Date(last).getUTCDay() * day
}
