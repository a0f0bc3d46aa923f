import { type Arithmetic, type Expr, UnsupportedXPath } from './ast.ts'
import { type Compiled, type Compiler, type Run, single, usesOf } from './compiled.ts'
import { Decimal } from './decimal.ts'
import { errors } from './errors.ts'
import { DateValue, MonthsDuration, SecondsDuration, addMonths, addSeconds } from './temporal.ts'
import { type Atomic, type Item, is, isNode, isTemporal, toDouble } from './values.ts'

/** Compiles `+`, `-`, `*`, `div`, `idiv`, `mod` on numbers, and what dates and durations allow. */
export function compileArithmetic({ op, sides }: Extract<Expr, { kind: 'arithmetic' }>, compiler: Compiler): Compiled {
  const [left, right] = [compiler.compile(sides[0]), compiler.compile(sides[1])]
  const uses = usesOf([left, right])
  if (((left.type | right.type) & isTemporal) !== 0) {
    return single(temporalType(op, left.type, right.type), bothSides(left, right, temporal(op)), uses)
  }
  const type = numericType(op, left.type, right.type)
  if (type === is.decimal) return single(type, bothSides(left, right, decimal(op)), uses)
  const compute = numeric[op]
  return single(
    type,
    bothSides(left, right, (a, b) => compute(toDouble(a), toDouble(b))),
    uses,
  )
}

/** `-x`. */
export function compileNegation({ operand }: Extract<Expr, { kind: 'negate' }>, compiler: Compiler): Compiled {
  const { type, value, uses } = compiler.compile(operand)
  if (type !== is.integer && type !== is.double && type !== is.node) throw new UnsupportedXPath('the negative of this')
  const negated: Compiled['value'] = (run, node) => {
    const item = value(run, node)
    return item === undefined ? undefined : -toDouble(item)
  }
  return single(type === is.integer ? is.integer : is.double, negated, uses)
}

/** Nothing when a side is empty (XPath 2.0, 3.4). After an empty left side the right one is not evaluated: it may err, and Saxon does not look at it either. */
function bothSides(
  left: Compiled,
  right: Compiled,
  compute: (a: Item, b: Item, run: Run) => Atomic,
): Compiled['value'] {
  return (run, node) => {
    const a = left.value(run, node)
    if (a === undefined) return undefined
    const b = right.value(run, node)
    return b === undefined ? undefined : compute(a, b, run)
  }
}

function numericType(op: Arithmetic, left: number, right: number): number {
  const both = left | right
  if ((both & (is.string | is.boolean)) !== 0) throw new UnsupportedXPath('arithmetic on texts or truths')
  if ((both & (is.double | is.node)) !== 0) {
    if (op === 'idiv') throw new UnsupportedXPath('idiv of doubles')
    return is.double
  }
  if (both === is.integer && op !== 'div') return is.integer
  if (!['+', '-', '*'].includes(op)) throw new UnsupportedXPath(`${op} of decimals`)
  return is.decimal
}

const numeric: Readonly<Record<Arithmetic, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  div: (a, b) => a / b,
  idiv: (a, b) => Math.trunc(a / nonZero(b)),
  mod: (a, b) => a % b,
}

function nonZero(value: number): number {
  if (value === 0) throw errors.FOAR0001
  return value
}

function decimal(op: Arithmetic): (a: Item, b: Item) => Decimal {
  return (a, b) => {
    const [x, y] = [toDecimal(a), toDecimal(b)]
    if (op === '+') return x.plus(y)
    return op === '-' ? x.minus(y) : x.times(y)
  }
}

function toDecimal(item: Item): Decimal {
  if (item instanceof Decimal) return item
  if (typeof item === 'number') return new Decimal(BigInt(item), 0)
  throw errors.XPTY0004
}

function temporalType(op: Arithmetic, left: number, right: number): number {
  if (op !== '+' && op !== '-') throw new UnsupportedXPath(`${op} of dates or durations`)
  const durations = is.seconds | is.months
  if (left === is.date && right === is.date && op === '-') return is.seconds
  if (left === is.date && (right & ~durations) === 0) return is.date
  if (left === right && (left === is.seconds || left === is.months)) return left
  throw new UnsupportedXPath('arithmetic on these dates, times or durations')
}

function temporal(op: Arithmetic): (a: Item, b: Item, run: Run) => Atomic {
  const sign = op === '-' ? -1 : 1
  return (a, b, run) => {
    if (a instanceof DateValue) {
      if (b instanceof SecondsDuration) return addSeconds(a, sign * b.seconds)
      if (b instanceof MonthsDuration) return addMonths(a, sign * b.months)
      if (b instanceof DateValue) return new SecondsDuration(a.instant(run.offset) - b.instant(run.offset))
    }
    if (a instanceof SecondsDuration && b instanceof SecondsDuration)
      return new SecondsDuration(a.seconds + sign * b.seconds)
    if (a instanceof MonthsDuration && b instanceof MonthsDuration)
      return new MonthsDuration(a.months + sign * b.months)
    throw isNode(a) || isNode(b) ? errors.FORG0001 : errors.XPTY0004
  }
}
