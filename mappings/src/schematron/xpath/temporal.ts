import { errors } from './errors.ts'

/** Days since 1970-01-01 in the calendar of the value, and its own offset in minutes if it has one. */
export class DateValue {
  readonly days: number
  readonly offset: number | undefined

  constructor(days: number, offset: number | undefined) {
    this.days = days
    this.offset = offset
  }

  /** Seconds since 1970-01-01T00:00Z at which the day begins; without an offset, at the implicit one (minutes). */
  instant(implicit: number): number {
    return this.days * 86_400 - (this.offset ?? implicit) * 60
  }
}

export class TimeValue {
  readonly seconds: number
  readonly offset: number | undefined

  constructor(seconds: number, offset: number | undefined) {
    this.seconds = seconds
    this.offset = offset
  }

  instant(implicit: number): number {
    return this.seconds - (this.offset ?? implicit) * 60
  }
}

/** `xs:dayTimeDuration`. */
export class SecondsDuration {
  readonly seconds: number

  constructor(seconds: number) {
    this.seconds = seconds
  }
}

/** `xs:yearMonthDuration`. */
export class MonthsDuration {
  readonly months: number

  constructor(months: number) {
    this.months = months
  }
}

export type Temporal = DateValue | TimeValue | SecondsDuration | MonthsDuration

const offsetShape = '(Z|[+-](?:(?:0\\d|1[0-3]):[0-5]\\d|14:00))?'
const dateShape = new RegExp(`^(-?(?:[1-9]\\d{4,}|\\d{4}))-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])${offsetShape}$`)
const timeShape = new RegExp(
  `^(?:([01]\\d|2[0-3]):([0-5]\\d):([0-5]\\d(?:\\.\\d+)?)|24:00:00(?:\\.0+)?)${offsetShape}$`,
)
const daysShape = /^(-)?P(?=\d|T\d)(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/
const monthsShape = /^(-)?P(?=\d)(?:(\d+)Y)?(?:(\d+)M)?$/

/** Reads `xs:date`; white space around it does not count. Throws FORG0001 on what is no date. */
export function parseDate(text: string): DateValue {
  const [, year, month, day, offset] = dateShape.exec(collapse(text)) ?? []
  if (year === undefined || month === undefined || day === undefined || Number(year) === 0) throw errors.FORG0001
  if (year.replace('-', '').length > 9) throw errors.FODT0001
  if (Number(day) > daysIn(Number(year), Number(month))) throw errors.FORG0001
  return new DateValue(toDays(Number(year), Number(month), Number(day)), parseOffset(offset))
}

export function parseTime(text: string): TimeValue {
  const found = timeShape.exec(collapse(text))
  if (found === null) throw errors.FORG0001
  const [, hours = '0', minutes = '0', seconds = '0', offset] = found
  return new TimeValue(Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds), parseOffset(offset))
}

export function parseSeconds(text: string): SecondsDuration {
  const found = daysShape.exec(collapse(text))
  if (found === null) throw errors.FORG0001
  const [, sign, days = '0', hours = '0', minutes = '0', seconds = '0'] = found
  const total = Number(days) * 86_400 + Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
  if (total > 2 ** 53) throw errors.FODT0002
  return new SecondsDuration(sign === undefined ? total : -total)
}

export function parseMonths(text: string): MonthsDuration {
  const found = monthsShape.exec(collapse(text))
  if (found === null) throw errors.FORG0001
  const [, sign, years = '0', months = '0'] = found
  const total = Number(years) * 12 + Number(months)
  if (total > 2 ** 31) throw errors.FODT0002
  return new MonthsDuration(sign === undefined ? total : -total)
}

/** The day that a moment is in, at an offset in minutes. */
export function dateAt(now: Date, offset: number): DateValue {
  return new DateValue(Math.floor((now.getTime() + offset * 60_000) / 86_400_000), offset)
}

/** XPath functions, 10.8: a date is moved as the moment at which it begins, then its day is taken. */
export function addSeconds(date: DateValue, seconds: number): DateValue {
  return checked(new DateValue(date.days + Math.floor(seconds / 86_400), date.offset))
}

/** XML Schema part 2, appendix E: the day is kept, or is the last of the month. */
export function addMonths(date: DateValue, months: number): DateValue {
  const { year, month, day } = fromDays(date.days)
  const total = year * 12 + month - 1 + months
  const nextYear = Math.floor(total / 12)
  const nextMonth = total - nextYear * 12 + 1
  return checked(new DateValue(toDays(nextYear, nextMonth, Math.min(day, daysIn(nextYear, nextMonth))), date.offset))
}

function checked(date: DateValue): DateValue {
  if (Math.abs(date.days) > 365 * 2 ** 31) throw errors.FODT0001
  return date
}

function collapse(text: string): string {
  return text.replace(/^[ \t\n\r]+|[ \t\n\r]+$/g, '')
}

function parseOffset(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (text === 'Z') return 0
  const minutes = Number(text.slice(1, 3)) * 60 + Number(text.slice(4))
  return text.startsWith('-') ? -minutes : minutes
}

function daysIn(year: number, month: number): number {
  if (month !== 2) return [4, 6, 9, 11].includes(month) ? 30 : 31
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
}

/** Days since 1970-01-01 in the Gregorian calendar, before 1582 too: years are counted from March, leap day last. */
function toDays(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year
  const era = Math.floor(shifted / 400)
  const yearOfEra = shifted - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146_097 + dayOfEra - 719_468
}

function fromDays(days: number): { readonly year: number; readonly month: number; readonly day: number } {
  const shifted = days + 719_468
  const era = Math.floor(shifted / 146_097)
  const dayOfEra = shifted - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153)
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day }
}
