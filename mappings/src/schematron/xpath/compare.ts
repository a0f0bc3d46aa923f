import type { Comparison, Expr } from './ast.ts'
import { type Compiled, type Compiler, type Run, type Visit, itemsOf, truth, usesOf } from './compiled.ts'
import { Decimal } from './decimal.ts'
import { errors } from './errors.ts'
import {
  DateValue,
  MonthsDuration,
  SecondsDuration,
  TimeValue,
  parseDate,
  parseMonths,
  parseSeconds,
  parseTime,
} from './temporal.ts'
import { type Item, is, isNode, parseBoolean, parseDouble, toDouble } from './values.ts'

/** Compiles `=`, `eq` and the other comparisons. */
export function compileComparison(expr: Extract<Expr, { kind: 'compare' }>, compiler: Compiler): Compiled {
  const [left, right] = [compiler.compile(expr.sides[0]), compiler.compile(expr.sides[1])]
  const { op } = expr
  const uses = usesOf([left, right])
  if (!expr.isGeneral) return truth(singleTest(op, left, right), uses)
  if (op === '=' && right.texts !== undefined && isText(left)) return truth(memberTest(left, right.texts), uses)
  if (op === '=' && left.texts !== undefined && isText(right)) return truth(memberTest(right, left.texts), uses)
  if (left.isSingle && right.isSingle && isNumber(left) && isNumber(right))
    return truth(numberTest(op, left, right), uses)
  if (right.isSingle) return truth(oneSidedTest(op, left, right), uses)
  return truth(generalTest(op, left, right), uses)
}

function isText({ type }: Compiled): boolean {
  return (type & ~(is.node | is.string)) === 0
}

function isNumber({ type }: Compiled): boolean {
  return type === is.integer || type === is.double
}

/** One of a fixed list of texts: most code lists of the rules. */
function memberTest({ some }: Compiled, texts: readonly string[]): Compiled['test'] {
  const [only] = texts
  if (texts.length === 1 && only !== undefined) {
    const isIt: Visit = (_, item) => textOf(item) === only
    return (run, node) => some(run, node, isIt)
  }
  const members = new Set(texts)
  const isMember: Visit = (_, item) => members.has(textOf(item))
  return (run, node) => some(run, node, isMember)
}

function textOf(item: Item): string {
  if (typeof item === 'string') return item
  if (isNode(item)) return item.stringValue
  throw errors.XPTY0004
}

function numberTest(op: Comparison, left: Compiled, right: Compiled): Compiled['test'] {
  const holds = orders[op]
  return (run, node) => {
    const a = left.value(run, node)
    const b = right.value(run, node)
    return typeof a === 'number' && typeof b === 'number' && holds(a, b)
  }
}

function oneSidedTest(op: Comparison, left: Compiled, right: Compiled): Compiled['test'] {
  return (run, node) => {
    const b = right.value(run, node)
    return b !== undefined && left.some(run, node, (run, a) => compareItems(op, a, b, run))
  }
}

/** True when some item of the left compares so with some item of the right (XPath 2.0, 3.5.2). */
function generalTest(op: Comparison, left: Compiled, right: Compiled): Compiled['test'] {
  return (run, node) => {
    let others: Item[] | undefined
    return left.some(run, node, (run, a) => {
      others ??= itemsOf(right, run, node)
      return others.some((b) => compareItems(op, a, b, run))
    })
  }
}

/** An untyped value is a text in a value comparison (XPath 2.0, 3.5.1). */
function singleTest(op: Comparison, left: Compiled, right: Compiled): Compiled['test'] {
  return (run, node) => {
    const a = left.value(run, node)
    const b = right.value(run, node)
    if (a === undefined || b === undefined) return false
    return compareItems(op, isNode(a) ? a.stringValue : a, isNode(b) ? b.stringValue : b, run)
  }
}

type Order = (a: number, b: number) => boolean

const orders: Readonly<Record<Comparison, Order>> = {
  '=': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
}

/** Compares two atomic values, a node standing for an untyped one that takes the type of the other. */
function compareItems(op: Comparison, a: Item, b: Item, run: Run): boolean {
  if (isNode(a) && !isNode(b)) return compareItems(op, typedAs(a.stringValue, b), b, run)
  if (isNode(b) && !isNode(a)) return compareItems(op, a, typedAs(b.stringValue, a), run)
  const [x, y] = [isNode(a) ? a.stringValue : a, isNode(b) ? b.stringValue : b]
  if (typeof x === 'string' && typeof y === 'string') return compareTexts(op, x, y)
  if (typeof x === 'boolean' && typeof y === 'boolean') return orders[op](Number(x), Number(y))
  return orders[op](measure(x, y, run), measure(y, x, run))
}

/** A number that orders a value among those of its type; XPTY0004 when the other is of another type. */
function measure(value: Item, other: Item, run: Run): number {
  if (isQuantity(value) && isQuantity(other)) return toDouble(value)
  if (value instanceof DateValue && other instanceof DateValue) return value.instant(run.offset)
  if (value instanceof TimeValue && other instanceof TimeValue) return value.instant(run.offset)
  if (value instanceof SecondsDuration && other instanceof SecondsDuration) return value.seconds
  if (value instanceof MonthsDuration && other instanceof MonthsDuration) return value.months
  throw errors.XPTY0004
}

function isQuantity(value: Item): boolean {
  return typeof value === 'number' || value instanceof Decimal
}

function typedAs(text: string, other: Item): Item {
  if (typeof other === 'string') return text
  if (typeof other === 'boolean') return parseBoolean(text)
  if (other instanceof DateValue) return parseDate(text)
  if (other instanceof TimeValue) return parseTime(text)
  if (other instanceof SecondsDuration) return parseSeconds(text)
  if (other instanceof MonthsDuration) return parseMonths(text)
  return numberOf(text)
}

function numberOf(text: string): number {
  const value = parseDouble(text)
  if (value === undefined) throw errors.FORG0001
  return value
}

/** By code point, as XPath collates; code units say the same but where a surrogate meets a character above it. */
function compareTexts(op: Comparison, a: string, b: string): boolean {
  if (op === '=') return a === b
  if (op === '!=') return a !== b
  return orders[op](a === b ? 0 : isBefore(a, b) ? -1 : 1, 0)
}

function isBefore(a: string, b: string): boolean {
  let i = 0
  while (i < a.length && a.charCodeAt(i) === b.charCodeAt(i)) i += 1
  return (a.codePointAt(i) ?? -1) < (b.codePointAt(i) ?? -1)
}
