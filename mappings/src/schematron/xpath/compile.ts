import { compileArithmetic, compileNegation } from './arithmetic.ts'
import { type Expr, UnsupportedXPath } from './ast.ts'
import { compileComparison } from './compare.ts'
import { type Compiled, type Compiler, context, nothing, sequence, single, usesOf } from './compiled.ts'
import { Decimal } from './decimal.ts'
import { compileCall } from './functions.ts'
import { compileBinding, compileJunction } from './logic.ts'
import { compilePath } from './paths.ts'
import { is, parseDouble } from './values.ts'

type Make<K extends Expr['kind']> = (expr: Extract<Expr, { kind: K }>, compiler: Compiler) => Compiled

const makers: { readonly [K in Expr['kind']]: Make<K> } = {
  string: ({ value }) => ({ ...single(is.string, () => value, nothing), texts: [value] }),
  number: compileNumber,
  context: () => single(is.node, (_, node) => node, context),
  variable: compileVariable,
  sequence: compileSequence,
  or: compileJunction,
  and: compileJunction,
  compare: compileComparison,
  arithmetic: compileArithmetic,
  negate: compileNegation,
  range: () => {
    throw new UnsupportedXPath('a range of integers')
  },
  if: compileIf,
  for: compileBinding,
  some: compileBinding,
  every: compileBinding,
  call: compileCall,
  path: compilePath,
}

/** Compiles an expression to closures. Throws UnsupportedXPath with a reason on what is outside the subset. */
export function compileExpr<K extends Expr['kind']>(expr: Extract<Expr, { kind: K }>, compiler: Compiler): Compiled {
  const make: Make<K> = makers[expr.kind]
  return make(expr, compiler)
}

function compileNumber({ type, text }: Extract<Expr, { kind: 'number' }>): Compiled {
  if (type === 'decimal') {
    const value = Decimal.parse(text)
    return single(is.decimal, () => value, nothing)
  }
  const value = parseDouble(text)
  if (value === undefined || (type === 'integer' && !Number.isSafeInteger(value))) {
    throw new UnsupportedXPath(`the number ${text}`)
  }
  return single(type === 'integer' ? is.integer : is.double, () => value, nothing)
}

function compileVariable({ name }: Extract<Expr, { kind: 'variable' }>, compiler: Compiler): Compiled {
  const { slot, compiled, type } = compiler.variable(name)
  if (compiled !== undefined) return compiled
  if (slot === undefined) throw new UnsupportedXPath(`the variable ${name}`)
  return single(type, (run) => run.slots[slot], { context: false, slots: [slot] })
}

function compileSequence({ items }: Extract<Expr, { kind: 'sequence' }>, compiler: Compiler): Compiled {
  const parts = items.map((item) => compiler.compile(item))
  const type = parts.reduce((all, part) => all | part.type, 0)
  const compiled = sequence(
    type,
    (run, node, visit) => parts.some((part) => part.some(run, node, visit)),
    usesOf(parts),
  )
  const texts = parts.flatMap(({ texts }) => texts ?? [])
  if (parts.length === 0) return single(0, () => undefined, nothing)
  return parts.every(({ texts }) => texts !== undefined) ? { ...compiled, texts } : compiled
}

function compileIf({ test, chosen, otherwise }: Extract<Expr, { kind: 'if' }>, compiler: Compiler): Compiled {
  const condition = compiler.compile(test)
  const [yes, no] = [compiler.compile(chosen), compiler.compile(otherwise)]
  const uses = usesOf([condition, yes, no])
  const choose: Compiled['some'] = (run, node, visit) => (condition.test(run, node) ? yes : no).some(run, node, visit)
  const compiled = sequence(yes.type | no.type, choose, uses)
  return { ...compiled, isSingle: yes.isSingle && no.isSingle }
}
