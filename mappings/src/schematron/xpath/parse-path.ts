import { type Axis, type Expr, type NodeTest, type Step, UnsupportedXPath } from './ast.ts'
import type { Cursor } from './cursor.ts'

const anyNode: Step = { axis: 'descendant-or-self', test: { kind: 'node' }, predicates: [] }

/** A path, or the single expression it begins with. */
export function parsePath(cursor: Cursor): Expr {
  if (cursor.takeSymbol('//')) return steps(cursor, 'root', [anyNode, parseStep(cursor)])
  if (cursor.takeSymbol('/')) {
    return beginsStep(cursor) ? steps(cursor, 'root', [parseStep(cursor)]) : { kind: 'path', base: 'root', steps: [] }
  }
  const first = parseStep(cursor)
  if (first.axis !== 'evaluate') return steps(cursor, undefined, [first])
  if (!cursor.isSymbol('/') && !cursor.isSymbol('//')) return first.expr
  return steps(cursor, first.expr.kind === 'context' ? undefined : first.expr, [])
}

function steps(cursor: Cursor, base: 'root' | undefined | Expr, first: readonly Step[]): Expr {
  const all = [...first]
  for (;;) {
    if (cursor.takeSymbol('//')) all.push(anyNode)
    else if (!cursor.takeSymbol('/')) break
    all.push(parseStep(cursor))
  }
  return { kind: 'path', base, steps: all.flatMap(shorten) }
}

/** A `.` in a path goes nowhere. */
function shorten(step: Step): readonly Step[] {
  return step.axis === 'evaluate' && step.expr.kind === 'context' ? [] : [step]
}

function beginsStep(cursor: Cursor): boolean {
  const { kind, text } = cursor.peek()
  return kind === 'name' || (kind === 'symbol' && ['*', '@', '.', '..'].includes(text))
}

function parseStep(cursor: Cursor): Step {
  if (cursor.takeSymbol('..')) return along(cursor, 'parent', { kind: 'node' })
  if (cursor.takeSymbol('@')) return along(cursor, 'attribute', parseTest(cursor))
  if (cursor.peek().kind === 'name' && cursor.isSymbol('::', 1)) return parseAxisStep(cursor)
  const call = cursor.peek().kind === 'name' && cursor.isSymbol('(', 1)
  if (cursor.isSymbol('*') || (cursor.peek().kind === 'name' && (!call || isKindTest(cursor.peek().text)))) {
    return along(cursor, 'child', parseTest(cursor))
  }
  const expr = call ? parseCall(cursor) : parsePrimary(cursor)
  const predicates = parsePredicates(cursor)
  if (predicates.length === 0) return { axis: 'evaluate', expr }
  // A filter on any expression is written as a step from each of its items to itself.
  const itself: Step = { axis: 'self', test: { kind: 'node' }, predicates }
  return { axis: 'evaluate', expr: { kind: 'path', base: expr.kind === 'context' ? undefined : expr, steps: [itself] } }
}

const axes: readonly Axis[] = [
  'child',
  'attribute',
  'parent',
  'self',
  'preceding-sibling',
  'following-sibling',
  'descendant',
  'descendant-or-self',
]

function parseAxisStep(cursor: Cursor): Step {
  const name = cursor.skip().text
  const axis = axes.find((known) => known === name)
  if (axis === undefined) throw new UnsupportedXPath(`the axis ${name}`)
  cursor.expectSymbol('::')
  return along(cursor, axis, parseTest(cursor))
}

function along(cursor: Cursor, axis: Axis, test: NodeTest): Step {
  return { axis, test, predicates: parsePredicates(cursor) }
}

function isKindTest(name: string): boolean {
  return name === 'text' || name === 'node'
}

function parseTest(cursor: Cursor): NodeTest {
  if (cursor.takeSymbol('*')) return { kind: 'any-name' }
  const { kind, text } = cursor.skip()
  if (kind !== 'name') throw new UnsupportedXPath(`a name expected, not ${text}`)
  if (cursor.isSymbol('(')) {
    if (!isKindTest(text)) throw new UnsupportedXPath(`the node test ${text}()`)
    cursor.expectSymbol('(')
    cursor.expectSymbol(')')
    return { kind: text === 'text' ? 'text' : 'node' }
  }
  if (cursor.isSymbol(':')) throw new UnsupportedXPath(`the name test ${text}:*`)
  const colon = text.indexOf(':')
  const ns = colon === -1 ? '' : cursor.prefixes.get(text.slice(0, colon))
  if (ns === undefined) throw new UnsupportedXPath(`the prefix of ${text} is not declared`)
  return { kind: 'name', ns, name: text.slice(colon + 1) }
}

function parsePredicates(cursor: Cursor): readonly Expr[] {
  const predicates: Expr[] = []
  while (cursor.takeSymbol('[')) {
    predicates.push(cursor.parseSequence(cursor))
    cursor.expectSymbol(']')
  }
  return predicates
}

function parsePrimary(cursor: Cursor): Expr {
  if (cursor.takeSymbol('.')) return { kind: 'context' }
  if (cursor.takeSymbol('(')) {
    if (cursor.takeSymbol(')')) return { kind: 'sequence', items: [] }
    const inner = cursor.parseSequence(cursor)
    cursor.expectSymbol(')')
    return inner
  }
  const { kind, text } = cursor.peek()
  if (kind === 'string') return { kind: 'string', value: cursor.skip().text }
  if (kind === 'variable') return { kind: 'variable', name: cursor.expectVariable() }
  if (kind === 'number') {
    cursor.skip()
    return { kind: 'number', type: /e/i.test(text) ? 'double' : text.includes('.') ? 'decimal' : 'integer', text }
  }
  throw new UnsupportedXPath(`an expression expected at ${cursor.at()}`)
}

/** `fn:` is the default namespace of functions. */
function parseCall(cursor: Cursor): Expr {
  const name = cursor.skip().text.replace(/^fn:/, '')
  cursor.expectSymbol('(')
  const args: Expr[] = []
  if (!cursor.takeSymbol(')')) {
    do args.push(cursor.parseSingle(cursor))
    while (cursor.takeSymbol(','))
    cursor.expectSymbol(')')
  }
  return { kind: 'call', name, args }
}
