import type { Money, RuleId } from '@socle/schemas'
import { isCalendarDate } from '../calendar.ts'
import { cpvCheckDigit, judgeCpv } from '../identifiers/cpv.ts'
import { type XmlNode, attribute, textOf } from '../xml/node.ts'
import { parseDecimal } from '../xml/values.ts'
import { choices } from './codes.ts'
import { childAt, choicesIn, isFilled, textsIn } from './nodes.ts'
import { type Reading, tell } from './reading.ts'

/** Reads the elements of one field; undefined when nothing usable stands there, which was told then. */
type Type = (nodes: readonly XmlNode[], reading: Reading, argument: string) => unknown

/** Longest short text of the canonical form. */
const longest = 400

const types: Readonly<Record<string, Type>> = {
  words: ([node]) => {
    const text = textOf(node)
    return text === undefined ? undefined : { text }
  },
  text: ([node], reading) => (node === undefined ? undefined : shortText(node, reading)),
  texts: (nodes, reading) => {
    const texts = nodes.flatMap((node) => shortText(node, reading) ?? [])
    return texts.length === 0 ? undefined : texts
  },
  joined: ([node]) => (node === undefined ? undefined : joined(node)),
  url: ([node], reading) => {
    const text = textOf(node)
    if (node === undefined || text === undefined) return undefined
    if (/^https?:\/\/\S+$/.test(text) && text.length <= 2000) return text
    tell(reading, 'BOAMP-URL', node, { value: text, expected: 'https://…' })
    return undefined
  },
  day: ([node], reading) => {
    const text = textOf(node)
    // A day may carry its zone, as xsd:date allows; the day is what it says.
    const on = text?.replace(/(?:Z|[+-]\d\d:\d\d)$/, '')
    if (node === undefined || text === undefined || on === undefined || isCalendarDate(on)) return on
    tell(reading, 'HUB-DATE', node, { value: text, expected: '2026-08-17' })
    return undefined
  },
  cpv: ([node], reading) => (node === undefined ? undefined : cpv(node, reading)),
  cpvs: (nodes, reading) => {
    const codes = nodes.flatMap((node) => cpv(node, reading) ?? [])
    return codes.length === 0 ? undefined : codes
  },
  nuts: ([node], reading) => {
    const text = textOf(node)
    if (node === undefined || text === undefined || /^[A-Z]{2}[A-Z0-9]{0,3}$/.test(text)) return text
    return leftOut(reading, node, text)
  },
  integer: ([node], reading) => {
    const text = textOf(node)
    if (node === undefined || text === undefined) return undefined
    return /^\d{1,9}$/.test(text) ? Number(text) : leftOut(reading, node, text)
  },
  money: ([node], reading, meaning) => (node === undefined ? undefined : money(node, reading, meaning)),
  duration: ([node], reading, unit) => {
    const text = textOf(node)
    if (node === undefined || text === undefined) return undefined
    const value = parseDecimal(text)
    return value === undefined ? leftOut(reading, node, text) : { value, unit }
  },
  natures: (nodes, reading) => {
    const codes = nodes.flatMap((node) => choicesIn(node).flatMap((name) => nature(name, node, reading) ?? []))
    return codes.length === 0 ? undefined : [...new Set(codes)]
  },
  deadline: ([node]) => node,
  choice: ([node], reading, list) => (node === undefined ? undefined : choice(node, reading, list)),
}

/** The value of a type, `money:estimate`. Throws on a type that does not exist: tables are ours. */
export function readType(type: string, nodes: readonly XmlNode[], reading: Reading): unknown {
  const [name = '', argument = ''] = type.split(':')
  const read = types[name]
  if (read === undefined) throw new Error(`no type ${type}`)
  return read(nodes.filter(isFilled), reading, argument)
}

function shortText(node: XmlNode, reading: Reading): string | undefined {
  const text = textOf(node)
  if (text === undefined || text.length <= longest) return text
  tell(reading, 'BOAMP-TOO-LONG', node, { value: text, expected: String(longest) })
  return undefined
}

/** Texts below an element as one line; a word that the next text begins with again is not written twice. */
function joined(node: XmlNode): string | undefined {
  const texts = textsIn(node)
  const kept = texts.filter((text, place) => {
    const next = texts[place + 1]?.toLowerCase()
    return next?.startsWith(`${text.toLowerCase()} `) !== true
  })
  return kept.length === 0 ? undefined : kept.join(' ').slice(0, longest)
}

const cpvRules: Readonly<Record<string, RuleId>> = { form: 'HUB-CPV-FORM', zero: 'HUB-CPV-ZERO' }

function cpv(node: XmlNode, reading: Reading): string | undefined {
  const code = textOf(node)
  if (code === undefined) return undefined
  const verdict = judgeCpv(code)
  if (verdict === 'valid') return code
  if (verdict === 'check-digit') {
    tell(reading, 'HUB-CPV-CHECK-DIGIT', node, { value: code, expected: cpvCheckDigit(code) })
  } else tell(reading, cpvRules[verdict] ?? 'HUB-CPV-FORM', node, { value: code })
  return undefined
}

/** An amount stands in the element or in its `valeur`, its currency in an attribute of either. */
function money(node: XmlNode, reading: Reading, meaning: string): Money | undefined {
  const inner = childAt(node, 'valeur') ?? node
  const text = textOf(inner)
  if (text === undefined) return undefined
  const amount = parseDecimal(text)
  if (amount === undefined) {
    tell(reading, 'BOAMP-AMOUNT', inner, { value: text, expected: '1234.56' })
    return undefined
  }
  const currency = [inner, node].flatMap((each) => attribute(each, 'devise') ?? attribute(each, 'DEVISE') ?? [])[0]
  if (currency === undefined || !/^[A-Z]{3}$/.test(currency)) {
    tell(reading, 'BOAMP-CURRENCY', inner, { value: currency ?? text, expected: 'EUR' })
    return undefined
  }
  return { amount, currency, meaning: meaning as Money['meaning'] }
}

function choice(node: XmlNode, reading: Reading, list: string): string | undefined {
  const given = choicesIn(node)
  const [first] = given
  if (first === undefined) return undefined
  if (given.length > 1) {
    tell(reading, 'BOAMP-CHOICE', node, { value: given.join(', ') })
    return undefined
  }
  const { known, isOpen } = choices[list] ?? { known: {}, isOpen: true }
  const code = known[first.toLowerCase()]
  if (code !== undefined || isOpen) return code ?? first
  return leftOut(reading, node, first)
}

function nature(name: string, node: XmlNode, reading: Reading): string | undefined {
  return choices['nature']?.known[name.toLowerCase()] ?? leftOut(reading, node, name)
}

function leftOut(reading: Reading, node: XmlNode, value: string): undefined {
  tell(reading, 'BOAMP-VALUE', node, { value })
  return undefined
}
