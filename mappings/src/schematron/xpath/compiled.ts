import type { XmlTree } from '../../xml/tree.ts'
import type { Expr } from './ast.ts'
import { errors } from './errors.ts'
import { type Item, type Node, is, isNode } from './values.ts'

/** What one evaluation over one document shares. Owned by the run: nothing of it outlives it. */
export interface Run {
  readonly tree: XmlTree
  /** For each name of the rule set, its number in the document, or `absent`. */
  readonly indexes: Int32Array
  /** Range variables (`for $x in`), by slot. */
  readonly slots: (Item | undefined)[]
  /** Values that do not depend on the context node, computed at the first use. */
  readonly memo: (readonly Item[] | undefined)[]
  /** The same for what is true (1) or false (2). */
  readonly truths: Uint8Array
  readonly now: Date
  /** Offset in minutes of the dates that have none. */
  readonly offset: number
}

/** Number of a name that the document does not hold; no node has it. */
export const absent = -2

export type Visit = (run: Run, item: Item) => boolean

export interface Uses {
  readonly context: boolean
  /** Range variables bound outside the expression. */
  readonly slots: readonly number[]
}

export const nothing: Uses = { context: false, slots: [] }
export const context: Uses = { context: true, slots: [] }

/** What several expressions depend on together. */
export function usesOf(parts: readonly Pick<Compiled, 'uses'>[]): Uses {
  return {
    context: parts.some(({ uses }) => uses.context),
    slots: [...new Set(parts.flatMap(({ uses }) => uses.slots))],
  }
}

export function isConstant({ uses }: Pick<Compiled, 'uses'>): boolean {
  return !uses.context && uses.slots.length === 0
}

/** An expression ready to be evaluated for a context node. */
export interface Compiled {
  /** What its items may be: bits of `is`. */
  readonly type: number
  /** Visits the items in order until a visit says true; says whether one did. */
  readonly some: (run: Run, node: Node, visit: Visit) => boolean
  /** The one item, or undefined for none; throws XPTY0004 when there are more. */
  readonly value: (run: Run, node: Node) => Item | undefined
  /** The effective boolean value (XPath 2.0, 2.4.3). */
  readonly test: (run: Run, node: Node) => boolean
  /** At most one item. */
  readonly isSingle: boolean
  /** What the value depends on; an expression that depends on neither has one value a run. */
  readonly uses: Uses
  /** The texts, when the expression is a list of string literals. */
  readonly texts?: readonly string[]
}

export interface Variable {
  readonly type: number
  /** Slot of a range variable; a `let` has its expression instead, evaluated once a run. */
  readonly slot?: number
  readonly compiled?: Compiled
}

/** What compiling an expression needs to know, and hands out. */
export interface Compiler {
  readonly compile: (expr: Expr) => Compiled
  /** Number of an expanded name in the rule set. */
  readonly nameOf: (ns: string, name: string) => number
  /** A place in `Run.memo`; the same for the same expression. */
  readonly memoOf: (expr: Expr) => number
  readonly variable: (name: string) => Variable
  /** Compiles a body in which a range variable is known. */
  readonly within: (variable: string, source: Compiled, body: Expr) => { slot: number; compiled: Compiled }
}

/** An expression of at most one item, given by its value. */
export function single(type: number, value: Compiled['value'], uses: Uses): Compiled {
  return {
    type,
    value,
    some: (run, node, visit) => {
      const item = value(run, node)
      return item !== undefined && visit(run, item)
    },
    test: (run, node) => {
      const item = value(run, node)
      return item !== undefined && truthOf(item)
    },
    isSingle: true,
    uses,
  }
}

/** An expression that is true or false. */
export function truth(test: Compiled['test'], uses: Uses): Compiled {
  return { ...single(is.boolean, test, uses), test }
}

/** An expression of any number of items, given by how they are visited. */
export function sequence(type: number, some: Compiled['some'], uses: Uses): Compiled {
  const test: Compiled['test'] =
    type === is.node ? (run, node) => some(run, node, yes) : (run, node) => truthOfAll(some, run, node)
  return {
    type,
    some,
    test,
    value: (run, node) => onlyOne(some, run, node),
    isSingle: false,
    uses,
  }
}

function yes(): boolean {
  return true
}

function onlyOne(some: Compiled['some'], run: Run, node: Node): Item | undefined {
  let found: Item | undefined
  some(run, node, (_, item) => {
    if (found !== undefined) throw errors.XPTY0004
    found = item
    return false
  })
  return found
}

function truthOfAll(some: Compiled['some'], run: Run, node: Node): boolean {
  let first: Item | undefined
  let count = 0
  some(run, node, (_, item) => {
    first ??= item
    count += 1
    return count > 1 || isNode(first)
  })
  if (first === undefined) return false
  if (isNode(first)) return true
  if (count > 1) throw errors.FORG0006
  return truthOf(first)
}

function truthOf(item: Item): boolean {
  if (typeof item === 'boolean') return item
  if (typeof item === 'string') return item !== ''
  if (typeof item === 'number') return item !== 0 && !Number.isNaN(item)
  if (isNode(item)) return true
  throw errors.FORG0006
}

/** Every item, in order. */
export function itemsOf({ some }: Pick<Compiled, 'some'>, run: Run, node: Node): Item[] {
  const items: Item[] = []
  some(run, node, (_, item) => {
    items.push(item)
    return false
  })
  return items
}

/** The same expression, evaluated once a run. What errs is not kept: whoever asks may find its answer before the error. */
export function memoised(compiled: Compiled, memo: number): Compiled {
  const some: Compiled['some'] = (run, node, visit) => {
    let items = run.memo[memo]
    if (items === undefined) {
      try {
        items = itemsOf(compiled, run, node)
      } catch {
        return compiled.some(run, node, visit)
      }
      run.memo[memo] = items
    }
    for (const item of items) if (visit(run, item)) return true
    return false
  }
  return sequence(compiled.type, some, compiled.uses)
}

/** The same for an expression that is true or false. */
export function memoisedTruth(compiled: Compiled, memo: number): Compiled {
  return truth((run, node) => {
    const known = run.truths[memo]
    if (known !== undefined && known !== 0) return known === 1
    const isTrue = compiled.test(run, node)
    run.truths[memo] = isTrue ? 1 : 2
    return isTrue
  }, compiled.uses)
}
