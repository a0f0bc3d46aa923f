import {
  type Finding,
  type Money,
  type NoticeDuration,
  type NoticeMoment,
  type NoticeText,
  type RuleId,
  finding,
} from '@socle/schemas'
import { cpvCheckDigit, judgeCpv } from '../identifiers/cpv.ts'
import { type XmlNode, attribute, textOf, xpathOf } from '../xml/node.ts'
import { all, first, textAt, textsAt } from '../xml/path.ts'
import { type Field, pathOf } from './paths.ts'
import { isReasonable, parseDay, parseDecimal, parseTime, toInstant } from '../xml/values.ts'

/** An element being read, the language of the notice, and the list where every doubt about a value goes. */
export interface At {
  readonly node: XmlNode
  readonly language: string | undefined
  readonly found: Finding[]
}

/** The same reading one element lower. */
export function below(at: At, node: XmlNode): At {
  return { ...at, node }
}

/** Text of a field as it stands. */
export function plain({ node }: At, field: Field): string | undefined {
  return textAt(node, pathOf(field))
}

/** Every text of a repeated field. */
export function plains({ node }: At, field: Field): string[] | undefined {
  const texts = textsAt(node, pathOf(field))
  return texts.length === 0 ? undefined : texts
}

/** A multilingual field: the language of the notice first, the others as translations. */
export function words({ node, language }: At, field: Field): NoticeText | undefined {
  const said = all(node, pathOf(field)).flatMap((each) => {
    const text = textOf(each)
    return text === undefined ? [] : [{ text, language: attribute(each, 'languageID') }]
  })
  const main = said.find((each) => each.language === language) ?? said[0]
  if (main === undefined) return undefined
  const rest = said.flatMap((each) =>
    each === main || each.language === undefined ? [] : [[each.language, each.text]],
  )
  return {
    text: main.text,
    ...(main.language === undefined ? {} : { language: main.language }),
    ...(rest.length === 0 ? {} : { translations: Object.fromEntries(rest) as Record<string, string> }),
  }
}

/** `true` or `false`; anything else is reported and left out. */
export function indicator(at: At, field: Field): boolean | undefined {
  const text = plain(at, field)
  if (text === 'true' || text === 'false') return text === 'true'
  if (text !== undefined) report(at, 'EFORMS-CODE', field, { expected: 'true, false' })
  return undefined
}

/** An address that a browser may open; another scheme is reported and left out. */
export function url(at: At, field: Field): string | undefined {
  const text = plain(at, field)
  if (text === undefined) return undefined
  if (/^https?:\/\/\S+$/.test(text) && text.length <= 2000) return text
  report(at, 'EFORMS-URL', field, { expected: 'https://…' })
  return undefined
}

/** A day. Without its offset it is still a day: reported and kept. */
export function day(at: At, field: Field): string | undefined {
  const text = plain(at, field)
  if (text === undefined) return undefined
  const parsed = parseDay(text)
  if (parsed === undefined) report(at, 'EFORMS-DATE', field, { expected: '2026-08-17+02:00' })
  else if (parsed.offset === undefined) report(at, 'EFORMS-DATE-ZONE', field, { expected: `${text}+02:00` })
  return parsed?.day
}

/**
 * A day and its time. A time without an offset is refused, for nobody can know when it is; a day without a time is
 * kept as a day. Where day and time carry different offsets the time's counts, and it is reported.
 */
export function moment(at: At, dayField: Field, timeField: Field): NoticeMoment | undefined {
  const dayText = plain(at, dayField)
  const timeText = plain(at, timeField)
  if (dayText === undefined) {
    if (timeText !== undefined) report(at, 'EFORMS-DATE', timeField, { expected: dayField })
    return undefined
  }
  const parsed = parseDay(dayText)
  if (parsed === undefined) {
    report(at, 'EFORMS-DATE', dayField, { expected: '2026-08-17+02:00' })
    return undefined
  }
  const asWritten = timeText === undefined ? dayText : `${dayText} ${timeText}`
  const time = timeText === undefined ? undefined : parseTime(timeText)
  if (timeText !== undefined && time === undefined) report(at, 'EFORMS-DATE', timeField, { expected: '11:59:37+02:00' })
  if (time === undefined) return { on: parsed.day, asWritten }
  const isNaive = time.offset === undefined
  if (isNaive || parsed.offset === undefined) {
    report(at, 'HUB-DEADLINE-ZONE', isNaive ? timeField : dayField, {
      expected: isNaive ? `${time.time}+02:00` : `${parsed.day}+02:00`,
    })
    return { on: parsed.day, asWritten }
  }
  if (time.offset !== parsed.offset) report(at, 'EFORMS-ZONES-DIFFER', timeField, { expected: parsed.offset })
  return { on: parsed.day, at: toInstant(parsed, time), asWritten }
}

/** An amount above zero with its currency. */
export function money(at: At, field: Field, meaning: Money['meaning']): Money | undefined {
  const node = first(at.node, pathOf(field))
  const text = textOf(node)
  if (node === undefined || text === undefined) return undefined
  const amount = parseDecimal(text)
  const currency = attribute(node, 'currencyID')
  if (amount === undefined || amount.startsWith('-') || currency === undefined || !/^[A-Z]{3}$/.test(currency)) {
    report(at, 'EFORMS-AMOUNT', field, { expected: '12345.67, currencyID="EUR"' })
    return undefined
  }
  if (/^[0.]+$/.test(amount)) report(at, 'EFORMS-AMOUNT-ZERO', field, {})
  return { amount, currency, meaning }
}

/** A length of time with its unit. */
export function duration(at: At, field: Field): NoticeDuration | undefined {
  const node = first(at.node, pathOf(field))
  const text = textOf(node)
  if (node === undefined || text === undefined) return undefined
  const value = parseDecimal(text)
  const unit = units.find((known) => known === attribute(node, 'unitCode'))
  if (value !== undefined && unit !== undefined && isReasonable(value, unit)) return { value, unit }
  report(at, 'EFORMS-DURATION', field, { expected: 'DAY, WEEK, MONTH, YEAR' })
  return undefined
}

const units: readonly NoticeDuration['unit'][] = ['DAY', 'WEEK', 'MONTH', 'YEAR']

/** Codes of the common procurement vocabulary; wrong ones are reported and left out. */
export function cpvs(at: At, field: Field): string[] | undefined {
  const codes = all(at.node, pathOf(field)).flatMap((node) => {
    const code = textOf(node)
    if (code === undefined) return []
    const verdict = judgeCpv(code)
    if (verdict === 'valid') return [code]
    const place = { xpath: xpathOf(node), value: code }
    if (verdict === 'check-digit')
      at.found.push(finding('HUB-CPV-CHECK-DIGIT', { ...place, expected: cpvCheckDigit(code) }))
    else at.found.push(finding(verdict === 'zero' ? 'HUB-CPV-ZERO' : 'HUB-CPV-FORM', place))
    return []
  })
  return codes.length === 0 ? undefined : codes
}

/** A place code; another shape is reported and left out. */
export function nuts(at: At, field: Field): string | undefined {
  const code = plain(at, field)
  if (code === undefined || /^[A-Z]{2}[A-Z0-9]{0,3}$/.test(code)) return code
  report(at, 'EFORMS-CODE', field, { expected: 'NUTS', severity: 'warn' })
  return undefined
}

/** A whole number, zero included. */
export function count(at: At, field: Field): number | undefined {
  const text = plain(at, field)
  if (text === undefined) return undefined
  if (/^\d{1,9}$/.test(text)) return Number(text)
  report(at, 'EFORMS-CODE', field, { expected: '0, 1, 2…' })
  return undefined
}

/** A number as text. */
export function decimal(at: At, field: Field): string | undefined {
  const text = plain(at, field)
  const value = text === undefined ? undefined : parseDecimal(text)
  if (text !== undefined && value === undefined) report(at, 'EFORMS-CODE', field, { expected: '0, 12.5…' })
  return value
}

interface Said {
  readonly expected?: string
  readonly severity?: Finding['severity']
}

/** Adds a finding about a field, with its place, its value and its number. */
export function report({ node, found }: At, rule: RuleId, field: Field, said: Said): void {
  const at = pathOf(field)
  const target = first(node, at)
  const value = textOf(target)
  const xpath = target === undefined ? `${xpathOf(node)}/${at.source}` : xpathOf(target)
  found.push(finding(rule, { xpath, ...(value === undefined ? {} : { value }), ...said }, { field }))
}
