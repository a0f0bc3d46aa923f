import type { Expr, Path, Step } from './ast.ts'
import {
  type Compiled,
  type Compiler,
  type Run,
  type Uses,
  type Visit,
  context,
  isConstant,
  itemsOf,
  memoised,
  nothing,
  sequence,
  usesOf,
} from './compiled.ts'
import { placeOf } from './document-order.ts'
import { errors } from './errors.ts'
import { type Walk, chain, walk } from './steps.ts'
import { type Item, type Node, is, isNode } from './values.ts'

/** Compiles a path. Paths from the document that depend on no variable are evaluated once a run. */
export function compilePath(path: Path, compiler: Compiler): Compiled {
  const cut = disorder(path)
  // Values are read from nodes that are each there once: what comes before is brought in order first.
  if (cut > 0 && cut < path.steps.length) {
    const before: Path = { ...path, steps: path.steps.slice(0, cut) }
    return compilePath({ kind: 'path', base: before, steps: path.steps.slice(cut) }, compiler)
  }
  const shared = path.base === 'root' ? sharedPrefix(path, compiler) : 0
  if (shared > 0 && shared < path.steps.length) {
    const before: Path = { ...path, steps: path.steps.slice(0, shared) }
    return compilePath({ kind: 'path', base: before, steps: path.steps.slice(shared) }, compiler)
  }
  const compiled = assemble(path, compiler, cut === path.steps.length)
  return path.base === 'root' && isConstant(compiled) ? memoised(compiled, compiler.memoOf(path)) : compiled
}

function assemble(path: Path, compiler: Compiler, isDisordered: boolean): Compiled {
  const { first, parts } = chain(path.steps, compiler)
  const base = typeof path.base === 'object' ? compiler.compile(path.base) : undefined
  const start = path.base === undefined ? context : (base?.uses ?? nothing)
  const uses: Uses = { context: start.context, slots: usesOf([{ uses: start }, ...parts]).slots }
  const some = from(path.base, base, first)
  const last = path.steps.at(-1)
  const type =
    last?.axis === 'evaluate' ? (parts[0]?.type ?? is.node) : first === undefined ? (base?.type ?? is.node) : is.node
  const compiled = oneStep(sequence(type, some, uses), path, first)
  return isDisordered ? { ...sequence(type, inOrder(some), uses), test: compiled.test } : compiled
}

/** Most tests ask whether one child or attribute is there: answered without walking. */
function oneStep(compiled: Compiled, { base }: Path, first: Walk | undefined): Compiled {
  if (base !== undefined || first === undefined || first.next !== undefined || first.predicates !== undefined)
    return compiled
  const { axis, name, test } = first
  if (axis === 'child' && test === 'any-name') return { ...compiled, test: (_, node) => node.children.length > 0 }
  if (name === -1) return compiled
  if (axis === 'child') {
    const some: Compiled['some'] = (run, { children }, visit) => {
      const wanted = run.indexes[name]
      for (const child of children) if (child.tag.index === wanted && visit(run, child)) return true
      return false
    }
    return { ...compiled, some, test: (run, { children }) => hasNamed(children, run.indexes[name]) }
  }
  if (axis !== 'attribute') return compiled
  return { ...compiled, test: (run, { attributes }) => hasNamed(attributes, run.indexes[name]) }
}

interface Named {
  readonly tag: { readonly index: number }
}

function hasNamed(nodes: readonly Named[], wanted: number | undefined): boolean {
  for (const { tag } of nodes) if (tag.index === wanted) return true
  return false
}

function from(start: Path['base'], base: Compiled | undefined, first: Walk | undefined): Compiled['some'] {
  if (base !== undefined) {
    if (first === undefined) return base.some
    return (run, node, visit) => base.some(run, node, (run, item) => walk(run, nodeOf(item), first, visit))
  }
  if (first === undefined)
    return start === 'root' ? (run, _, visit) => visit(run, run.tree) : (run, node, visit) => visit(run, node)
  if (start === 'root') return (run, _, visit) => walk(run, run.tree, first, visit)
  return (run, node, visit) => walk(run, node, first, visit)
}

function nodeOf(item: Item): Node {
  if (!isNode(item)) throw errors.XPTY0004
  return item
}

/** Each node once, in document order. */
function inOrder(some: Compiled['some']): Compiled['some'] {
  return (run: Run, node: Node, visit: Visit) => {
    const nodes = [...new Set(itemsOf({ some }, run, node).map(nodeOf))]
    nodes.sort((a, b) => placeOf(a) - placeOf(b))
    return nodes.some((one) => visit(run, one))
  }
}

/**
 * How many steps there are up to the one after which nodes may come twice or out of order; 0 when that never is. Steps
 * down from one node, or from nodes side by side, keep the order.
 */
function disorder({ base, steps }: Path): number {
  let state: State = stateOf(base)
  if (steps.every(({ axis }) => axis === 'self')) return 0
  let last = 0
  for (const [i, step] of steps.entries()) {
    if (step.axis === 'evaluate' && last > 0 && last === i) return i
    state = after(state, step)
    if (state === 'loose') last = i + 1
  }
  return last
}

type State = 'one' | 'apart' | 'nested' | 'loose'

/** A list with commas, or the results of a loop, may hold a node twice; a path and a variable do not. */
function stateOf(base: Path['base']): State {
  if (typeof base !== 'object') return 'one'
  return base.kind === 'path' || base.kind === 'variable' ? 'apart' : 'loose'
}

/** What each axis makes of one node, of nodes side by side, and of nodes some of which are within others. */
const order: Readonly<Record<Step['axis'], readonly [one: State, apart: State, nested: State]>> = {
  self: ['one', 'apart', 'nested'],
  evaluate: ['one', 'apart', 'nested'],
  child: ['apart', 'apart', 'loose'],
  attribute: ['apart', 'apart', 'nested'],
  parent: ['one', 'loose', 'loose'],
  'preceding-sibling': ['apart', 'loose', 'loose'],
  'following-sibling': ['apart', 'loose', 'loose'],
  descendant: ['nested', 'loose', 'loose'],
  'descendant-or-self': ['nested', 'loose', 'loose'],
}

function after(state: State, { axis }: Step): State {
  if (state === 'loose') return 'loose'
  const [one, apart, nested] = order[axis]
  return state === 'one' ? one : state === 'apart' ? apart : nested
}

/** The steps from the document that depend on no range variable: every test that begins with them shares their nodes. */
function sharedPrefix(path: Path, compiler: Compiler): number {
  let count = 0
  for (const step of path.steps) {
    const exprs: readonly Expr[] = step.axis === 'evaluate' ? [step.expr] : step.predicates
    if (exprs.some((expr) => compiler.compile(expr).uses.slots.length > 0)) break
    count += 1
  }
  return count
}
