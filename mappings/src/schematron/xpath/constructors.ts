import { UnsupportedXPath } from './ast.ts'
import { type Compiled, type Run, type Uses, nothing, single } from './compiled.ts'
import { errors } from './errors.ts'
import {
  DateValue,
  MonthsDuration,
  SecondsDuration,
  type Temporal,
  TimeValue,
  dateAt,
  parseDate,
  parseMonths,
  parseSeconds,
  parseTime,
} from './temporal.ts'
import { type Item, formatDouble, is, isNode } from './values.ts'

/** Constructors (`xs:date(...)`), `current-date()` and `concat(...)`; undefined for any other name. */
export function compileConstructor(name: string, args: readonly Compiled[], uses: Uses): Compiled | undefined {
  if (name === 'concat') return concatenation(args, uses)
  if (name === 'current-date' && args.length === 0) {
    return single(is.date, ({ now, offset }: Run) => dateAt(now, offset), nothing)
  }
  const make = constructors[name]
  if (make === undefined) return undefined
  const [arg, second] = args
  if (arg === undefined || second !== undefined) throw new UnsupportedXPath(`${name} of ${args.length} arguments`)
  if ((arg.type & ~(make.type | is.node | is.string)) !== 0) throw new UnsupportedXPath(`${name} of another type`)
  const value: Compiled['value'] = (run, node) => {
    const item = arg.value(run, node)
    return item === undefined ? undefined : cast(item, make.parse)
  }
  return single(make.type, value, uses)
}

interface Constructor {
  readonly type: number
  readonly parse: (text: string) => Temporal
}

const constructors: Readonly<Record<string, Constructor>> = {
  'xs:date': { type: is.date, parse: parseDate },
  'xs:time': { type: is.time, parse: parseTime },
  'xs:dayTimeDuration': { type: is.seconds, parse: parseSeconds },
  'xs:yearMonthDuration': { type: is.months, parse: parseMonths },
}

function cast(item: Item, parse: Constructor['parse']): Temporal {
  if (typeof item === 'string') return parse(item)
  if (isNode(item)) return parse(item.stringValue)
  if (item instanceof DateValue || item instanceof TimeValue) return item
  if (item instanceof SecondsDuration || item instanceof MonthsDuration) return item
  throw errors.XPTY0004
}

function concatenation(args: readonly Compiled[], uses: Uses): Compiled {
  const allowed = is.node | is.string | is.boolean | is.integer | is.double
  for (const { type } of args) {
    const isMixed = (type & is.integer) !== 0 && type !== is.integer
    if ((type & ~allowed) !== 0 || isMixed) throw new UnsupportedXPath('concat of these types')
  }
  const value: Compiled['value'] = (run, node) => args.map(({ value, type }) => textOf(value(run, node), type)).join('')
  return single(is.string, value, uses)
}

/** What an integer and a double look like is known from their expressions. */
function textOf(item: Item | undefined, type: number): string {
  if (item === undefined) return ''
  if (typeof item === 'string') return item
  if (isNode(item)) return item.stringValue
  if (typeof item === 'boolean') return String(item)
  if (typeof item === 'number') return type === is.integer ? String(item) : formatDouble(item)
  throw errors.XPTY0004
}
