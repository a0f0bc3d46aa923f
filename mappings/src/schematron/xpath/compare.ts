import type { Comparison, Expr } from './ast.ts'
import { type Compiled, type Compiler, type Run, type Visit, itemsOf, truth, usesOf } from './compiled.ts'
import { Decimal } from './decimal.ts'
import { XPathError, errors } from './errors.ts'
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
import { type Item, type Node, is, isNode, parseBoolean, parseDouble, toDouble } from './values.ts'

/** Compiles `=`, `eq` and the other comparisons. */
export function compileComparison(expr: Extract<Expr, { kind: 'compare' }>, compiler: Compiler): Compiled {
  const counted = compileCount(expr, compiler)
  if (counted !== undefined) return counted
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

/** `count(...) = 0`, `> 0`, `< 2`: three in four of the rules, which ask whether there is one, or a second. */
function compileCount({ op, sides }: Extract<Expr, { kind: 'compare' }>, compiler: Compiler): Compiled | undefined {
  const [call, limit] = sides
  if (call.kind !== 'call' || call.name !== 'count' || call.args.length !== 1) return undefined
  if (limit.kind !== 'number' || limit.type !== 'integer') return undefined
  const most = Number(limit.text)
  const [arg] = call.args
  if (arg === undefined || most > 3) return undefined
  const { some, test, type, uses } = compiler.compile(arg)
  if (most === 0 && type === is.node) {
    if (op === '=' || op === '<=') return truth((run, node) => !test(run, node), uses)
    if (op === '>' || op === '!=') return truth(test, uses)
  }
  const holds = orders[op]
  return truth((run, node) => {
    let count = 0
    some(run, node, () => {
      count += 1
      return count > most
    })
    return holds(count, most)
  }, uses)
}

function isText({ type }: Compiled): boolean {
  return (type & ~(is.node | is.string)) === 0
}

function isNumber({ type }: Compiled): boolean {
  return type === is.integer || type === is.double
}

/** One of a fixed list of texts: most code lists of the rules. */
function memberTest({ some, value, isSingle }: Compiled, texts: readonly string[]): Compiled['test'] {
  const [only] = texts
  if (isSingle) {
    const members = new Set(texts)
    return (run, node) => {
      const item = value(run, node)
      return item !== undefined && members.has(textOf(item))
    }
  }
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
    try {
      let others: Item[] | undefined
      return left.some(run, node, (run, a) => {
        others ??= itemsOf(right, run, node)
        for (const b of others) if (compareItems(op, a, b, run)) return true
        return false
      })
    } catch (error) {
      if (!(error instanceof XPathError)) throw error
      return alternate(op, [untilError(left, run, node), untilError(right, run, node)], run)
    }
  }
}

interface Read {
  readonly items: readonly Item[]
  /** What went wrong after the items. */
  readonly error: unknown
}

function untilError({ some }: Compiled, run: Run, node: Node): Read {
  const items: Item[] = []
  try {
    some(run, node, (_, item) => {
      items.push(item)
      return false
    })
  } catch (error) {
    return { items, error }
  }
  return { items, error: undefined }
}

/**
 * The same comparison, an item of each side in turn, so that two items that decide it are met before an error behind
 * them: the order in which the reference implementation reads, for which the standard gives leave (XPath 2.0, 2.3.4).
 */
function alternate(op: Comparison, [left, right]: readonly [Read, Read], run: Run): boolean {
  const most = Math.max(left.items.length, right.items.length)
  for (let i = 0; i <= most; i += 1) {
    const a = itemAt(left, i)
    if (a !== undefined && right.items.slice(0, i).some((b) => compareItems(op, a, b, run))) return true
    const b = itemAt(right, i)
    if (b !== undefined && left.items.slice(0, i + 1).some((a) => compareItems(op, a, b, run))) return true
  }
  return false
}

function itemAt({ items, error }: Read, i: number): Item | undefined {
  if (i === items.length && error !== undefined) throw error
  return items[i]
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
