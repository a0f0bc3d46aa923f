import type { AttributeNode, ElementNode, TextNode, XmlTree } from '../../xml/tree.ts'
import { Decimal } from './decimal.ts'
import { errors } from './errors.ts'
import type { Temporal } from './temporal.ts'

export type Node = XmlTree | ElementNode | AttributeNode | TextNode

/** Integers and doubles are both numbers here: which of them is known from the expression they come from. */
export type Atomic = string | number | boolean | Decimal | Temporal

export type Item = Node | Atomic

/** What an item may be, as bits: what an expression gives is known before it is evaluated. */
export const is = {
  node: 1,
  string: 2,
  boolean: 4,
  integer: 8,
  decimal: 16,
  double: 32,
  date: 64,
  time: 128,
  seconds: 256,
  months: 512,
} as const

export const isNumeric: number = is.integer | is.decimal | is.double
export const isTemporal: number = is.date | is.time | is.seconds | is.months

/** Nodes carry a tag, atomic values do not. */
export function isNode(item: Item): item is Node {
  return typeof item === 'object' && 'tag' in item
}

const doubleShape = /^[ \t\n\r]*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[ \t\n\r]*$/
const endlessShape = /^[ \t\n\r]*(-?)INF[ \t\n\r]*$/

/** Reads `xs:double`; undefined when the text is none (`NaN` is one). */
export function parseDouble(text: string): number | undefined {
  if (doubleShape.test(text)) return Number(text)
  const endless = endlessShape.exec(text)
  if (endless !== null) return endless[1] === '' ? Infinity : -Infinity
  return /^[ \t\n\r]*NaN[ \t\n\r]*$/.test(text) ? Number.NaN : undefined
}

export function parseBoolean(text: string): boolean {
  const word = text.replace(/^[ \t\n\r]+|[ \t\n\r]+$/g, '')
  if (word === 'true' || word === '1') return true
  if (word === 'false' || word === '0') return false
  throw errors.FORG0001
}

/** The number of an item that is one, or whose text is one: FORG0001 otherwise (an untyped value in arithmetic). */
export function toDouble(item: Item): number {
  if (typeof item === 'number') return item
  if (item instanceof Decimal) return item.toNumber()
  if (!isNode(item)) throw errors.XPTY0004
  const value = parseDouble(item.stringValue)
  if (value === undefined) throw errors.FORG0001
  return value
}

/** How XPath writes a double (functions, 17.1.2): plainly from 0.000001 to under a million, else with an exponent. */
export function formatDouble(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? 'INF' : '-INF'
  if (value === 0) return Object.is(value, -0) ? '-0' : '0'
  const size = Math.abs(value)
  if (size >= 1e-6 && size < 1e6) return String(value)
  const [mantissa = '', exponent = ''] = value.toExponential().split('e')
  return `${mantissa.includes('.') ? mantissa : `${mantissa}.0`}E${exponent.replace('+', '')}`
}
