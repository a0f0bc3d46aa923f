import type { NoticeMoment } from '@socle/schemas'
import type { XmlNode } from '../xml/node.ts'
import { textOf } from '../xml/node.ts'
import { type DeadlineText, isSameClock, momentOf, parseDeadline } from './deadline-text.ts'
import { offsetInParis } from './paris.ts'
import { type Reading, tell } from './reading.ts'

/** A deadline as each of its sources gives it: the form, the index of the gazette, the field of the record. */
export interface DeadlineSources {
  readonly form: XmlNode | undefined
  readonly index: XmlNode | undefined
  readonly served: XmlNode | undefined
}

/** What decides which rule of time applies. */
export interface DeadlineContext {
  /** Day of publication. */
  readonly publishedOn: string | undefined
  /** A buyer overseas does not live by the clock of Paris. */
  readonly isOverseas: boolean
}

/** Since that day the interface serves the clock time of Paris as if it were UTC; before, it took off one hour, summer too. */
const relabelledSince = '2024-01-01'

/**
 * Reads one deadline. The text of the form counts before that of the index, and both before the record, whose zone is a
 * label. An instant is given only when it is known: by an offset in the text or, in an open-data record of metropolitan
 * France, by the clock of Paris, which is told. A deadline without zone in a document that somebody deposits is refused.
 */
export function readDeadline(
  sources: DeadlineSources,
  context: DeadlineContext,
  reading: Reading,
): NoticeMoment | undefined {
  const { form, index, served } = sources
  const written = form ?? index
  if (written === undefined) return served === undefined ? undefined : readServed(served, context, reading)
  const moment = readWritten(written, context, reading)
  if (moment === undefined) return undefined
  if (form !== undefined && index !== undefined) compareIndex(form, index, reading)
  if (served !== undefined) compareServed(moment, served, reading)
  return moment
}

function parse(node: XmlNode, reading: Reading): (DeadlineText & { readonly text: string }) | undefined {
  const text = textOf(node) ?? ''
  const parsed = parseDeadline(text)
  if (parsed !== undefined) return { ...parsed, text }
  tell(reading, 'BOAMP-DEADLINE-FORM', node, { value: text, expected: '2026-10-02T12:00:00+02:00' })
  return undefined
}

function readWritten(node: XmlNode, context: DeadlineContext, reading: Reading): NoticeMoment | undefined {
  const parsed = parse(node, reading)
  if (parsed === undefined) return undefined
  const { on, time, offset, text } = parsed
  if (time === undefined) return unknown(node, parsed, reading)
  const paris = offsetInParis(on, time).offset
  if (offset !== undefined) {
    if (!context.isOverseas && paris !== undefined && paris !== offset) {
      tell(reading, 'BOAMP-DEADLINE-OFFSET', node, { value: text, expected: paris })
    }
    return { on, at: `${on}T${time}${offset}`, asWritten: text }
  }
  if (!reading.isOpenData) {
    tell(reading, 'HUB-DEADLINE-ZONE', node, { value: text, expected: `${text}${paris ?? '+02:00'}` })
    return { on, asWritten: text }
  }
  if (context.isOverseas || paris === undefined) return unknown(node, parsed, reading)
  const at = `${on}T${time}${paris}`
  tell(reading, 'BOAMP-DEADLINE-PARIS', node, { value: text, expected: at })
  return { on, at, asWritten: text }
}

function unknown(
  node: XmlNode,
  { on, text }: DeadlineText & { readonly text: string },
  reading: Reading,
): NoticeMoment {
  tell(reading, 'BOAMP-DEADLINE-UNKNOWN', node, { value: text })
  return { on, asWritten: text }
}

/** A deadline that the record alone gives, under a label of UTC that may be false. */
function readServed(node: XmlNode, context: DeadlineContext, reading: Reading): NoticeMoment | undefined {
  const parsed = parse(node, reading)
  if (parsed === undefined) return undefined
  const { on, time, offset, text } = parsed
  const { publishedOn, isOverseas } = context
  const isOld = publishedOn !== undefined && publishedOn < relabelledSince
  if (time === undefined || isOverseas || !isUtc(offset) || !isOld) return unknown(node, parsed, reading)
  const clock = new Date(momentOf({ on, time, offset }, '+00:00') + 3_600_000).toISOString()
  const [day = on, hour = ''] = clock.replace(/(?:\.000)?Z$/, '').split('T')
  const paris = offsetInParis(day, hour).offset
  if (paris === undefined) return unknown(node, parsed, reading)
  const at = `${day}T${hour}${paris}`
  tell(reading, 'BOAMP-DEADLINE-FIXED-OFFSET', node, { value: text, expected: at })
  return { on: day, at, asWritten: text }
}

function isUtc(offset: string | undefined): boolean {
  return offset === 'Z' || offset === '+00:00'
}

/** Two deadlines of one notice that do not say the same. */
function compareIndex(form: XmlNode, index: XmlNode, reading: Reading): void {
  const [first, second] = [form, index].map((node) => parseDeadline(textOf(node) ?? ''))
  if (first === undefined || second === undefined || isSameClock(first, second)) return
  const isSame =
    first.offset !== undefined &&
    second.offset !== undefined &&
    momentOf(first, first.offset) === momentOf(second, second.offset)
  if (isSame) return
  tell(reading, 'BOAMP-DEADLINE-CONFLICT', index, { value: textOf(index) ?? '', expected: textOf(form) ?? '' })
}

/** The record beside the text: what its label makes of the hour is told, and never used. */
function compareServed({ at, asWritten }: NoticeMoment, node: XmlNode, reading: Reading): void {
  const value = textOf(node) ?? ''
  const served = parseDeadline(value)
  const written = parseDeadline(asWritten)
  if (served?.time === undefined || written?.time === undefined) return
  const isSameMoment = at !== undefined && momentOf(served, served.offset ?? 'Z') === Date.parse(at)
  if (isSameMoment) return
  const expected = at ?? asWritten
  if (isSameClock(served, written)) {
    tell(reading, 'BOAMP-DEADLINE-RELABELLED', node, { value, expected })
    return
  }
  const isHourBefore = momentOf(served, 'Z') + 3_600_000 === momentOf(written, 'Z')
  tell(reading, isHourBefore ? 'BOAMP-DEADLINE-FIXED-OFFSET' : 'BOAMP-DEADLINE-CONFLICT', node, { value, expected })
}
