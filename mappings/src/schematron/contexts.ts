import type { Scope } from './scope.ts'
import { type AxisStep, type Expr, type Path, UnsupportedXPath } from './xpath/ast.ts'
import { predicateOf } from './xpath/steps.ts'
import type { Compiled } from './xpath/compiled.ts'

/** A step of a context: an element or attribute by name, and what must hold of it. */
export interface ContextStep {
  readonly isAttribute: boolean
  /** Number of the name in the rule set, -1 for any. */
  readonly name: number
  readonly predicates: readonly Compiled['test'][]
  /** Equal for equal steps: contexts that begin alike share their beginning. */
  readonly key: string
  /** Any number of elements may stand between this step and the one before. */
  readonly isDeep: boolean
}

export interface Context {
  /** The first step is the root element. */
  readonly isAbsolute: boolean
  readonly steps: readonly ContextStep[]
}

/** Reads the context of a rule as an XSLT pattern (XSLT 3.0, 5.5): a path of elements that may end in an attribute. */
export function readContext(source: string, scope: Scope): Context {
  const expr = scope.parse(source)
  if (expr.kind !== 'path' || typeof expr.base === 'object') throw new UnsupportedXPath('a context that is no path')
  const steps: ContextStep[] = []
  let isDeep = false
  for (const [i, step] of expr.steps.entries()) {
    if (isAnyDepth(step)) {
      isDeep = true
      continue
    }
    steps.push(readStep(step, { scope, isDeep, isLast: i === expr.steps.length - 1 }))
    isDeep = false
  }
  if (steps.length === 0) throw new UnsupportedXPath('the document as a context')
  return { isAbsolute: expr.base === 'root' && steps[0]?.isDeep === false, steps }
}

function isAnyDepth(step: Path['steps'][number]): boolean {
  return step.axis === 'descendant-or-self' && step.test.kind === 'node' && step.predicates.length === 0
}

interface Around {
  readonly scope: Scope
  readonly isDeep: boolean
  readonly isLast: boolean
}

function readStep(step: Path['steps'][number], { scope, isDeep, isLast }: Around): ContextStep {
  if (step.axis !== 'child' && !(step.axis === 'attribute' && isLast)) {
    throw new UnsupportedXPath(`the axis ${step.axis} in a context`)
  }
  const { axis, test, predicates }: AxisStep = step
  if (test.kind !== 'name' && test.kind !== 'any-name') throw new UnsupportedXPath('a context of other nodes')
  return {
    isAttribute: axis === 'attribute',
    name: test.kind === 'name' ? scope.nameOf(test.ns, test.name) : -1,
    predicates: predicates.map((predicate) => predicateOf(predicate, scope).test),
    key: JSON.stringify([axis, test, predicates, isDeep]),
    isDeep,
  }
}

/**
 * Cuts off the predicates at the end of a context that depend on global variables only: they are asked once a document,
 * and contexts that differ in nothing else are one.
 */
export function splitGuards(source: string, parse: (text: string) => Expr): { context: string; guards: string[] } {
  let context = source.trim()
  const guards: string[] = []
  for (let open = lastPredicate(context); open !== -1; open = lastPredicate(context)) {
    const guard = context.slice(open + 1, -1)
    if (!isGlobal(parse(guard))) break
    guards.unshift(guard)
    context = context.slice(0, open).trim()
  }
  return { context, guards }
}

/** Where the predicate that ends a context begins, or -1. */
function lastPredicate(context: string): number {
  if (!context.endsWith(']')) return -1
  let depth = 0
  let quote = ''
  for (let i = context.length - 1; i >= 0; i -= 1) {
    const character = context.charAt(i)
    if (quote !== '') quote = character === quote ? '' : quote
    else if (character === '"' || character === "'") quote = character
    else if (character === ']') depth += 1
    else if (character === '[') depth -= 1
    if (depth === 0) return i
  }
  return -1
}

function isGlobal(expr: Expr): boolean {
  switch (expr.kind) {
    case 'string':
    case 'variable':
      return true
    case 'compare':
      return expr.sides.every(isGlobal)
    case 'sequence':
      return expr.items.every(isGlobal)
    case 'and':
    case 'or':
      return expr.operands.every(isGlobal)
    case 'call':
      return expr.name === 'not' && expr.args.every(isGlobal)
    default:
      return false
  }
}
