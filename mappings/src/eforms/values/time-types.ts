import type { NoticeMoment } from '@socle/schemas'
import { textOf } from '../../xml/node.ts'
import { parseDay, parseTime, toInstant } from '../../xml/values.ts'
import {
  type Reading,
  type Source,
  type ValueType,
  type Writing,
  leafOf,
  placeIn,
  report,
  textIn,
} from './value-type.ts'

/** A day. Without its offset it is still a day: reported and kept. */
export const day: ValueType = {
  read(source, { found }) {
    const text = textIn(source)
    if (text === undefined) return undefined
    const parsed = parseDay(text)
    if (parsed === undefined) report(found, 'EFORMS-DATE', placeIn(source), { expected: '2026-08-17+02:00' })
    else if (parsed.offset === undefined)
      report(found, 'EFORMS-DATE-ZONE', placeIn(source), { expected: `${text}+02:00` })
    return parsed?.day
  },
  write: (value, { offset }) => leafOf(typeof value === 'string' ? `${value}${offset}` : undefined),
  isDay: true,
}

/** True for the days that stand for a date nobody gave: UBL asks for one that eForms does not use. */
export function isPlaceholder(on: string): boolean {
  return on === '2000-01-01' || on === '1970-01-01'
}

/** A day of decision or conclusion. A placeholder is no such day: reported and left out. */
export const awardDay: ValueType = {
  read(source, reading) {
    const read = day.read(source, reading)
    if (typeof read !== 'string' || !isPlaceholder(read)) return read
    report(reading.found, 'EFORMS-PLACEHOLDER-DATE', placeIn(source))
    return undefined
  },
  write: (value, writing) => day.write(value, writing),
  isDay: true,
}

/** OPT-999, a day UBL asks for and eForms gives no meaning: kept when it is a real one, judged elsewhere. */
export const dummyDay: ValueType = {
  read(source) {
    const read = parseDay(textIn(source) ?? '')?.day
    return read === undefined || isPlaceholder(read) ? undefined : read
  },
  write: (value, writing) => day.write(value, writing),
  isDay: true,
}

/** A time of day with its offset, kept as it is written. */
export const time: ValueType = {
  read(source, { found }) {
    const text = textIn(source)
    if (text === undefined || parseTime(text)?.offset !== undefined) return text
    report(found, 'EFORMS-DATE', placeIn(source), { expected: '11:59:37+02:00' })
    return undefined
  },
  write: (value) => leafOf(value),
}

/** The time of a `moment` or an `instant`, which reads and writes it. */
export const timeOfDay: ValueType = { read: () => undefined, write: () => [], isTimeOfDay: true }

/** A day and, when it is given, its time. */
export const moment: ValueType = {
  read: readMoment,
  write: (value, writing) => leafOf(split(value, writing)?.day),
  writeTime: (value, writing) => leafOf(split(value, writing)?.time),
}

/** A day and its time, kept as one instant. */
export const instant: ValueType = {
  read: (source, reading) => readMoment(source, reading)?.at,
  write: (value) => leafOf(typeof value === 'string' ? `${value.slice(0, 10)}${offsetOf(value)}` : undefined),
  writeTime: (value) => leafOf(typeof value === 'string' ? value.slice(11) : undefined),
}

/** Offset of an instant, `Z` or `±hh:mm`. */
export function offsetOf(at: string): string {
  return /(?:Z|[+-]\d\d:\d\d)$/.exec(at)?.[0] ?? 'Z'
}

/**
 * A time without an offset is refused, for nobody can know when it is; a day without a time is kept as a day. Where day
 * and time carry different offsets the time's counts, and it is reported.
 */
function readMoment(source: Source, { found }: Reading): NoticeMoment | undefined {
  const place = placeIn(source)
  const dayText = textIn(source)
  const timeNode = source.time?.node
  const timeText = textOf(timeNode)
  if (dayText === undefined) return undefined
  const parsed = parseDay(dayText)
  if (parsed === undefined) {
    report(found, 'EFORMS-DATE', place, { expected: '2026-08-17+02:00' })
    return undefined
  }
  if (timeText === undefined || timeNode === undefined) return { on: parsed.day, asWritten: dayText }
  const asWritten = `${dayText} ${timeText}`
  const timePlace = { node: timeNode, field: source.time?.field ?? source.field }
  const read = parseTime(timeText)
  if (read === undefined) {
    report(found, 'EFORMS-DATE', timePlace, { expected: '11:59:37+02:00' })
    return { on: parsed.day, asWritten }
  }
  const isNaive = read.offset === undefined
  if (isNaive || parsed.offset === undefined) {
    report(found, 'HUB-DEADLINE-ZONE', isNaive ? timePlace : place, {
      expected: isNaive ? `${read.time}+02:00` : `${parsed.day}+02:00`,
    })
    return { on: parsed.day, asWritten }
  }
  if (read.offset !== parsed.offset) report(found, 'EFORMS-ZONES-DIFFER', timePlace, { expected: parsed.offset })
  return { on: parsed.day, at: toInstant(parsed, read), asWritten }
}

interface Split {
  readonly day: string
  readonly time: string | undefined
}

/** Day and time of a moment: as the source wrote them when they say the same, else made from the day and the instant. */
function split(value: unknown, { offset }: Writing): Split | undefined {
  if (typeof value !== 'object' || value === null || !('on' in value) || typeof value.on !== 'string') return undefined
  const at = 'at' in value && typeof value.at === 'string' ? value.at : undefined
  const written = 'asWritten' in value && typeof value.asWritten === 'string' ? asWritten(value.asWritten) : undefined
  if (written?.on === value.on && written.at === at) return written
  if (at === undefined) return { day: `${value.on}${offset}`, time: undefined }
  return { day: `${at.slice(0, 10)}${offsetOf(at)}`, time: at.slice(11) }
}

/** What the text of a source says, when it is written as eForms wants it: a day with its offset, a time with its own. */
function asWritten(text: string): (Split & { readonly on: string; readonly at: string | undefined }) | undefined {
  const [day = '', time, ...others] = text.split(' ')
  const parsed = parseDay(day)
  if (parsed?.offset === undefined || others.length > 0) return undefined
  if (time === undefined) return { day, time, on: parsed.day, at: undefined }
  const read = parseTime(time)
  return read === undefined ? undefined : { day, time, on: parsed.day, at: toInstant(parsed, read) }
}
