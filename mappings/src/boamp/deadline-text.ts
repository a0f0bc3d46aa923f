import { isCalendarDate } from '../calendar.ts'

/** A deadline as its text says it. */
export interface DeadlineText {
  readonly on: string
  /** `12:00:00`, `12:00:00.000`; undefined for a day alone. */
  readonly time: string | undefined
  /** `Z` or `±hh:mm`; undefined when the text gives none. */
  readonly offset: string | undefined
}

const shape =
  /^(\d{4}-\d{2}-\d{2})(?:T((?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?)(Z|[+-](?:0\d|1[0-4]):[0-5]\d)?)?$/

/**
 * Reads the shapes that notices of one day have: `…T12:00:00`, with `.mmm`, each alone, with `Z` or with `±hh:mm`; and a day
 * alone. Undefined for anything else, a day that does not exist among them.
 */
export function parseDeadline(text: string): DeadlineText | undefined {
  const [, on, time, offset] = shape.exec(text) ?? []
  return on === undefined || !isCalendarDate(on) ? undefined : { on, time, offset }
}

/** The moment of a deadline in milliseconds, read with an offset of its own or the one given. */
export function momentOf({ on, time }: DeadlineText, offset: string): number {
  return Date.parse(`${on}T${time ?? '00:00:00'}${offset}`)
}

/** True when two deadlines show the same day and clock time, whatever their offsets. */
export function isSameClock(first: DeadlineText, second: DeadlineText): boolean {
  return momentOf(first, 'Z') === momentOf(second, 'Z')
}
