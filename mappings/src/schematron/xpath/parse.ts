import { type Arithmetic, type Comparison, type Expr, UnsupportedXPath } from './ast.ts'
import { Cursor } from './cursor.ts'
import { parsePath } from './parse-path.ts'

/** Prefixes of a schema's `ns` elements. */
export type Prefixes = ReadonlyMap<string, string>

/** Parses an expression. Throws UnsupportedXPath with a reason on anything outside the subset of `ast.ts`. */
export function parseXPath(source: string, prefixes: Prefixes): Expr {
  const cursor = new Cursor(source, prefixes, { parseSequence, parseSingle })
  const expr = parseSequence(cursor)
  if (!cursor.isAtEnd()) throw new UnsupportedXPath(`what stands at ${cursor.at()} is not understood`)
  return expr
}

/** `Expr`: expressions separated by commas. */
function parseSequence(cursor: Cursor): Expr {
  const items = [parseSingle(cursor)]
  while (cursor.takeSymbol(',')) items.push(parseSingle(cursor))
  const [only] = items
  return items.length === 1 && only !== undefined ? only : { kind: 'sequence', items }
}

function parseSingle(cursor: Cursor): Expr {
  if (cursor.sees('for', '$')) return parseBindings(cursor, 'for', 'return')
  if (cursor.sees('some', '$')) return parseBindings(cursor, 'some', 'satisfies')
  if (cursor.sees('every', '$')) return parseBindings(cursor, 'every', 'satisfies')
  if (cursor.sees('if', '(')) return parseIf(cursor)
  return parseOr(cursor)
}

function parseBindings(cursor: Cursor, kind: 'for' | 'some' | 'every', before: string): Expr {
  cursor.skip()
  const bindings: { readonly variable: string; readonly source: Expr }[] = []
  do {
    const variable = cursor.expectVariable()
    cursor.expectName('in')
    bindings.push({ variable, source: parseSingle(cursor) })
  } while (cursor.takeSymbol(','))
  cursor.expectName(before)
  let body = parseSingle(cursor)
  for (const { variable, source } of bindings.toReversed()) body = { kind, variable, source, body }
  return body
}

function parseIf(cursor: Cursor): Expr {
  cursor.skip()
  cursor.expectSymbol('(')
  const test = parseSequence(cursor)
  cursor.expectSymbol(')')
  cursor.expectName('then')
  const chosen = parseSingle(cursor)
  cursor.expectName('else')
  return { kind: 'if', test, chosen, otherwise: parseSingle(cursor) }
}

function parseOr(cursor: Cursor): Expr {
  return joined(cursor, 'or', parseAnd)
}

function parseAnd(cursor: Cursor): Expr {
  return joined(cursor, 'and', parseComparison)
}

function joined(cursor: Cursor, kind: 'or' | 'and', parse: (cursor: Cursor) => Expr): Expr {
  const operands = [parse(cursor)]
  while (cursor.takeName(kind)) operands.push(parse(cursor))
  const [only] = operands
  return operands.length === 1 && only !== undefined ? only : { kind, operands }
}

const general: readonly Comparison[] = ['=', '!=', '<=', '<', '>=', '>']
const single: readonly (readonly [string, Comparison])[] = [
  ['eq', '='],
  ['ne', '!='],
  ['lt', '<'],
  ['le', '<='],
  ['gt', '>'],
  ['ge', '>='],
]

function parseComparison(cursor: Cursor): Expr {
  const left = parseRange(cursor)
  const op = general.find((symbol) => cursor.takeSymbol(symbol))
  if (op !== undefined) return { kind: 'compare', op, isGeneral: true, sides: [left, parseRange(cursor)] }
  const named = single.find(([name]) => cursor.takeName(name))
  if (named !== undefined) return { kind: 'compare', op: named[1], isGeneral: false, sides: [left, parseRange(cursor)] }
  return left
}

function parseRange(cursor: Cursor): Expr {
  const left = parseAdditive(cursor)
  return cursor.takeName('to') ? { kind: 'range', sides: [left, parseAdditive(cursor)] } : left
}

function parseAdditive(cursor: Cursor): Expr {
  let left = parseMultiplicative(cursor)
  for (;;) {
    const op = (['+', '-'] as const).find((symbol) => cursor.takeSymbol(symbol))
    if (op === undefined) return left
    left = { kind: 'arithmetic', op, sides: [left, parseMultiplicative(cursor)] }
  }
}

function parseMultiplicative(cursor: Cursor): Expr {
  let left = parseUnary(cursor)
  for (;;) {
    const op = takeMultiplier(cursor)
    if (op === undefined) return left
    left = { kind: 'arithmetic', op, sides: [left, parseUnary(cursor)] }
  }
}

function takeMultiplier(cursor: Cursor): Arithmetic | undefined {
  if (cursor.takeSymbol('*')) return '*'
  return (['div', 'idiv', 'mod'] as const).find((name) => cursor.takeName(name))
}

function parseUnary(cursor: Cursor): Expr {
  if (cursor.takeSymbol('-')) return { kind: 'negate', operand: parseUnary(cursor) }
  if (cursor.takeSymbol('+')) return parseUnary(cursor)
  return parsePath(cursor)
}
