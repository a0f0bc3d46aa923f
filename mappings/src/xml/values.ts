/** A day as eForms writes it, `2026-08-17+02:00`: the offset is part of the value. */
export interface ZonedDay {
  readonly day: string
  /** `Z` or `±hh:mm`; undefined when the text gives none. */
  readonly offset: string | undefined
}

export interface ZonedTime {
  readonly time: string
  readonly offset: string | undefined
}

const dayShape = /^(\d{4})-(\d{2})-(\d{2})(Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)?$/
const timeShape = /^((?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?)(Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)?$/

/** Reads a day; undefined when it is not one or does not exist (30 February). */
export function parseDay(text: string): ZonedDay | undefined {
  const [, year, month, day, offset] = dayShape.exec(text) ?? []
  if (year === undefined || month === undefined || day === undefined) return undefined
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)))
  const exists = date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day)
  return exists ? { day: `${year}-${month}-${day}`, offset } : undefined
}

/** Reads a time of day with seconds; undefined when it is not one. */
export function parseTime(text: string): ZonedTime | undefined {
  const [, time, offset] = timeShape.exec(text) ?? []
  return time === undefined ? undefined : { time, offset }
}

/** The moment of a day and a time. The time's own offset counts: it is the one that says when the hour is. */
export function toInstant({ day }: ZonedDay, { time, offset }: ZonedTime): string {
  return `${day}T${time}${offset ?? ''}`
}

/** Decimal text without the zeros and sign that mean nothing, or undefined when it is not a number. */
export function parseDecimal(text: string): string | undefined {
  const [, sign, whole, fraction] = /^([+-]?)0*(\d+)(\.\d+)?$/.exec(text) ?? []
  if (whole === undefined || whole.length > 30 || (fraction?.length ?? 0) > 8) return undefined
  return `${sign === '-' ? '-' : ''}${whole}${fraction ?? ''}`
}

/** The most of each unit that eForms accepts: 100 years. */
const longest: Readonly<Record<string, number>> = { DAY: 36_525, WEEK: 5_218, MONTH: 1_200, YEAR: 100 }

/** True for a duration above zero and below a hundred years (SDK rules on BT-36 and BT-98). */
export function isReasonable(value: string, unit: string): boolean {
  const most = longest[unit]
  const number = Number(value)
  return most !== undefined && number > 0 && number < most
}
