import { normalizeSpace } from '../../xml/spaces.ts'
import { type Expr, UnsupportedXPath } from './ast.ts'
import { type Compiled, type Compiler, type Uses, context, nothing, single, truth, usesOf } from './compiled.ts'
import { compileConstructor } from './constructors.ts'
import { Decimal } from './decimal.ts'
import { errors } from './errors.ts'
import { formatNumber } from './format-number.ts'
import { compilePattern } from './regex.ts'
import { compileReplace } from './replace.ts'
import { type Item, is, isNode, parseDouble, toDouble } from './values.ts'

type Call = Extract<Expr, { kind: 'call' }>
type Make = (args: readonly Compiled[], uses: Uses, call: Call) => Compiled

/** Compiles a call of one of the functions of the subset. Throws UnsupportedXPath on any other. */
export function compileCall(call: Call, compiler: Compiler): Compiled {
  const args = call.args.map((arg) => compiler.compile(arg))
  const uses = usesOf(args)
  const constructed = compileConstructor(call.name, args, uses)
  if (constructed !== undefined) return constructed
  const made = functions[`${call.name}/${args.length}`]
  if (made === undefined) throw new UnsupportedXPath(`the function ${call.name} with ${args.length} arguments`)
  return made(args, uses, call)
}

const functions: Readonly<Record<string, Make>> = {
  'true/0': () => truth(() => true, nothing),
  'false/0': () => truth(() => false, nothing),
  'not/1': ([arg], uses) => {
    const { test } = some(arg)
    return truth((run, node) => !test(run, node), uses)
  },
  'boolean/1': ([arg], uses) => truth(some(arg).test, uses),
  'exists/1': ([arg], uses) => truth((run, node) => some(arg).some(run, node, anything), uses),
  'empty/1': ([arg], uses) => truth((run, node) => !some(arg).some(run, node, anything), uses),
  'count/1': ([arg], uses) => single(is.integer, counted(some(arg)), uses),
  'sum/1': ([arg], uses) => single(is.double, summed(some(arg)), uses),
  'number/0': () => single(is.double, (_, node) => numberOf(node), context),
  'number/1': ([arg], uses) => {
    const { value } = some(arg)
    return single(is.double, (run, node) => numberOf(value(run, node)), uses)
  },
  'string/0': () => single(is.string, (_, node) => node.stringValue, context),
  'string/1': ([arg], uses) => single(is.string, texts(some(arg)), uses),
  'string-length/1': ([arg], uses) => {
    const text = texts(some(arg))
    return single(is.integer, (run, node) => lengthOf(text(run, node)), uses)
  },
  'normalize-space/0': () => single(is.string, (_, node) => normalizeSpace(node.stringValue), context),
  'normalize-space/1': ([arg], uses, { args: [written] }) => normalized(some(arg), uses, written),
  'starts-with/2': (args, uses) => onTexts(args, uses, (a, b) => a.startsWith(b)),
  'ends-with/2': (args, uses) => onTexts(args, uses, (a, b) => a.endsWith(b)),
  'contains/2': (args, uses) => onTexts(args, uses, (a, b) => a.includes(b)),
  'matches/2': ([arg], uses, { args: [, written] }) => {
    const text = texts(some(arg))
    const matches = compilePattern(literal(written))
    return truth((run, node) => matches(text(run, node)), uses)
  },
  'replace/3': ([arg], uses, { args: [, pattern, replacement] }) => {
    const text = texts(some(arg))
    const replace = compileReplace(literal(pattern), literal(replacement))
    return single(is.string, (run, node) => replace(text(run, node)), uses)
  },
  'format-number/2': ([arg], uses, { args: [, picture] }) => {
    const { value } = some(arg)
    const format = formatNumber(literal(picture))
    return single(is.string, (run, node) => format(numberOf(value(run, node))), uses)
  },
}

function some(arg: Compiled | undefined): Compiled {
  if (arg === undefined) throw new UnsupportedXPath('an argument is missing')
  return arg
}

function anything(): boolean {
  return true
}

function literal(expr: Expr | undefined): string {
  if (expr?.kind !== 'string') throw new UnsupportedXPath('a pattern that is no literal')
  return expr.value
}

function counted({ some }: Compiled): Compiled['value'] {
  return (run, node) => {
    let count = 0
    some(run, node, () => {
      count += 1
      return false
    })
    return count
  }
}

/** Zero for nothing; untyped values count as doubles (functions, 15.4.5). */
function summed({ some }: Compiled): Compiled['value'] {
  return (run, node) => {
    let sum = 0
    some(run, node, (_, item) => {
      sum += toDouble(item)
      return false
    })
    return sum
  }
}

/** `fn:number`: NaN for what is none, and for nothing. */
function numberOf(item: Item | undefined): number {
  if (item === undefined) return Number.NaN
  if (typeof item === 'number') return item
  if (typeof item === 'boolean') return Number(item)
  if (item instanceof Decimal) return item.toNumber()
  const text = typeof item === 'string' ? item : isNode(item) ? item.stringValue : ''
  return parseDouble(text) ?? Number.NaN
}

/** The text of an argument declared `xs:string?`: empty for nothing. Texts and nodes only. */
function texts({ type, value }: Compiled): (...at: Parameters<Compiled['value']>) => string {
  if ((type & ~(is.string | is.node)) !== 0) throw new UnsupportedXPath('a text expected, not another value')
  return (run, node) => {
    const item = value(run, node)
    if (item === undefined) return ''
    return typeof item === 'string' ? item : isNode(item) ? item.stringValue : ''
  }
}

function onTexts(args: readonly Compiled[], uses: Uses, holds: (a: string, b: string) => boolean): Compiled {
  const [a, b] = [texts(some(args[0])), texts(some(args[1]))]
  return truth((run, node) => holds(a(run, node), b(run, node)), uses)
}

/** In characters, not in UTF-16 units. */
function lengthOf(text: string): number {
  let { length } = text
  for (let i = 0; i < text.length - 1; i += 1) if ((text.charCodeAt(i) & 0xfc00) === 0xd800) length -= 1
  return length
}

/** `normalize-space(text())` and `normalize-space(.)` are in every rule: nodes keep their normalised text. */
function normalized(arg: Compiled, uses: Uses, written: Expr | undefined): Compiled {
  if (written?.kind === 'context') return single(is.string, (_, node) => normalizedText(node), context)
  if (isOwnText(written)) return single(is.string, (_, node) => ownText(node), context)
  const text = texts(arg)
  return single(is.string, (run, node) => normalizeSpace(text(run, node)), uses)
}

function normalizedText(node: Parameters<Compiled['value']>[1]): string {
  return 'normalized' in node ? node.normalized : normalizeSpace(node.stringValue)
}

function isOwnText(expr: Expr | undefined): boolean {
  if (expr?.kind !== 'path' || expr.base !== undefined || expr.steps.length !== 1) return false
  const [step] = expr.steps
  return step?.axis === 'child' && step.test.kind === 'text' && step.predicates.length === 0
}

function ownText(node: Parameters<Compiled['value']>[1]): string {
  if (!('textNodes' in node)) return ''
  if (node.children.length === 0 && !node.isMixed) return node.normalized
  const [only, second] = node.textNodes
  if (second !== undefined) throw errors.XPTY0004
  return only?.normalized ?? ''
}
