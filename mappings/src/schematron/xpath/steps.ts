import type { ElementNode } from '../../xml/tree.ts'
import { type Axis, type Expr, type NodeTest, type Step, UnsupportedXPath } from './ast.ts'
import type { Compiled, Compiler, Run, Visit } from './compiled.ts'
import { errors } from './errors.ts'
import { type Node, isNode, isNumeric } from './values.ts'

/** A step ready to walk; the steps after it hang on it, so that a path is walked without building lists. */
export interface Walk {
  readonly axis: Axis | 'evaluate'
  readonly test: NodeTest['kind']
  /** Number of the name in the rule set; -1 for the tests without name. */
  readonly name: number
  readonly predicates: readonly Compiled['test'][] | undefined
  /** Evaluated at each node instead of a step along an axis. */
  readonly expr: Compiled | undefined
  readonly next: Walk | undefined
}

export interface Chain {
  readonly first: Walk | undefined
  /** Every expression in the steps: predicates, and what is evaluated. */
  readonly parts: readonly Compiled[]
}

/** Compiles steps into a chain. Throws UnsupportedXPath on a predicate that is a position. */
export function chain(steps: readonly Step[], compiler: Compiler): Chain {
  let first: Walk | undefined
  const parts: Compiled[] = []
  for (const step of steps.toReversed()) {
    if (step.axis === 'evaluate') {
      const expr = compiler.compile(step.expr)
      parts.push(expr)
      first = { axis: 'evaluate', test: 'node', name: -1, predicates: undefined, expr, next: first }
      continue
    }
    const { axis, test } = step
    if (test.kind === 'node' && (axis === 'child' || axis === 'descendant')) {
      throw new UnsupportedXPath('nodes of every kind below a node')
    }
    const predicates = step.predicates.map((expr) => predicateOf(expr, compiler))
    parts.push(...predicates)
    first = {
      axis,
      test: test.kind,
      name: test.kind === 'name' ? compiler.nameOf(test.ns, test.name) : -1,
      predicates: predicates.length === 0 ? undefined : predicates.map((predicate) => predicate.test),
      expr: undefined,
      next: first,
    }
  }
  return { first, parts }
}

export function predicateOf(expr: Expr, compiler: Compiler): Compiled {
  const compiled = compiler.compile(expr)
  if ((compiled.type & isNumeric) !== 0) throw new UnsupportedXPath('a predicate that is a position')
  return compiled
}

/** Visits what a chain of steps leads to from a node, until a visit says true. */
export function walk(run: Run, node: Node, step: Walk, visit: Visit): boolean {
  switch (step.axis) {
    case 'child':
      if (step.test === 'text') return walkTexts(run, node, step, visit)
      return step.name === -1 ? someOf(run, node.children, step, visit) : walkNamed(run, node.children, step, visit)
    case 'attribute':
      return walkAttributes(run, node, step, visit)
    case 'parent':
      return walkParent(run, node, step, visit)
    case 'self':
      return fits(run, node, step) && arrive(run, node, step, visit)
    case 'preceding-sibling':
    case 'following-sibling':
      return walkSiblings(run, node, step, visit)
    case 'descendant-or-self':
      return arriveIfFits(run, node, step, visit) || walkBelow(run, node.children, step, visit)
    case 'descendant':
      return walkBelow(run, node.children, step, visit)
    case 'evaluate':
      return evaluate(run, node, step, visit)
  }
}

function evaluate(run: Run, node: Node, { expr, next }: Walk, visit: Visit): boolean {
  if (expr === undefined) return false
  if (next === undefined) return expr.some(run, node, visit)
  return expr.some(run, node, (run, item) => {
    if (!isNode(item)) throw errors.XPTY0004
    return walk(run, item, next, visit)
  })
}

function walkNamed(run: Run, children: readonly ElementNode[], step: Walk, visit: Visit): boolean {
  const wanted = run.indexes[step.name]
  const { predicates, next } = step
  for (const child of children) {
    if (child.tag.index !== wanted) continue
    if (predicates !== undefined && !holds(run, child, predicates)) continue
    if (next === undefined ? visit(run, child) : walk(run, child, next, visit)) return true
  }
  return false
}

function walkAttributes(run: Run, node: Node, step: Walk, visit: Visit): boolean {
  const wanted = step.name === -1 ? undefined : run.indexes[step.name]
  for (const attribute of node.attributes) {
    const { index } = attribute.tag
    if (wanted === undefined ? index < 0 || step.test === 'text' : index !== wanted) continue
    if (arrive(run, attribute, step, visit)) return true
  }
  return false
}

function walkTexts(run: Run, node: Node, step: Walk, visit: Visit): boolean {
  if (!('textNodes' in node)) return false
  for (const text of node.textNodes) if (arrive(run, text, step, visit)) return true
  return false
}

function walkParent(run: Run, node: Node, step: Walk, visit: Visit): boolean {
  const parent = node === run.tree ? undefined : (node.parent ?? run.tree)
  return parent !== undefined && arriveIfFits(run, parent, step, visit)
}

/** In document order both ways: nobody asks for a position here. */
function walkSiblings(run: Run, node: Node, step: Walk, visit: Visit): boolean {
  if (!('place' in node)) return false
  const siblings = node.parent?.children ?? run.tree.children
  const [from, to] = step.axis === 'preceding-sibling' ? [0, node.place] : [node.place + 1, siblings.length]
  return someOf(run, siblings.slice(from, to), step, visit)
}

function walkBelow(run: Run, children: readonly ElementNode[], step: Walk, visit: Visit): boolean {
  for (const child of children) {
    if (arriveIfFits(run, child, step, visit) || walkBelow(run, child.children, step, visit)) return true
  }
  return false
}

function someOf(run: Run, nodes: readonly ElementNode[], step: Walk, visit: Visit): boolean {
  if (step.test === 'text') return false
  for (const node of nodes) if (arriveIfFits(run, node, step, visit)) return true
  return false
}

function arriveIfFits(run: Run, node: Node, step: Walk, visit: Visit): boolean {
  return fits(run, node, step) && arrive(run, node, step, visit)
}

/** A node test on any axis but the attribute one; text nodes are only met by the child axis. */
export function fits(run: Run, node: Node, step: Pick<Walk, 'test' | 'name'>): boolean {
  if (step.test === 'node') return true
  if (step.test === 'text') return node.tag.index === -4
  return 'place' in node && (step.name === -1 || node.tag.index === run.indexes[step.name])
}

function arrive(run: Run, node: Node, step: Walk, visit: Visit): boolean {
  if (step.predicates !== undefined && !holds(run, node, step.predicates)) return false
  return step.next === undefined ? visit(run, node) : walk(run, node, step.next, visit)
}

export function holds(run: Run, node: Node, predicates: readonly Compiled['test'][]): boolean {
  for (const predicate of predicates) if (!predicate(run, node)) return false
  return true
}
