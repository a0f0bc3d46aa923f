/** True for a day that exists, written exactly YYYY-MM-DD. */
export function isCalendarDate(text: string): boolean {
  if (text.length !== 10 || text[4] !== '-' || text[7] !== '-') return false
  const year = digitsAt(text, 0, 4)
  const month = digitsAt(text, 5, 7)
  const day = digitsAt(text, 8, 10)
  return year >= 0 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month)
}

const hour = 3_600_000
const day = 24 * hour
let written = { day: Number.NaN, text: '' }

/**
 * The day it is where the day starts first (UTC+14). A date without a zone is in the future only if it is so everywhere:
 * buyers work from Tahiti to Wallis.
 */
export function latestDayAnywhere(now: Date): string {
  const today = Math.floor((now.getTime() + 14 * hour) / day)
  // Asked for every document; writing a date takes a fifth of the time that all rules take.
  if (written.day !== today) written = { day: today, text: new Date(today * day).toISOString().slice(0, 10) }
  return written.text
}

/** The number written between two places, NaN when one of them is not a digit. */
function digitsAt(text: string, start: number, end: number): number {
  let value = 0
  for (let at = start; at < end; at++) {
    const digit = text.charCodeAt(at) - 0x30
    value = digit >= 0 && digit <= 9 ? value * 10 + digit : Number.NaN
  }
  return value
}

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28
  return [4, 6, 9, 11].includes(month) ? 30 : 31
}
