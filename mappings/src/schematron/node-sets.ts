import type { AttributeNode, ElementNode } from '../xml/tree.ts'
import type { Context, ContextStep } from './contexts.ts'
import { type Run, absent } from './xpath/compiled.ts'
import { XPathError } from './xpath/errors.ts'

export type ContextNode = ElementNode | AttributeNode

/** Contexts that begin alike share their beginning: a tree of steps, walked once a document. */
interface Branch {
  readonly step: ContextStep
  /** Contexts that end here. */
  readonly ends: number[]
  readonly elements: Map<number, Branch[]>
  readonly anyElement: Branch[]
  readonly attributes: Branch[]
}

/** Finds the nodes of many contexts at once. */
export class NodeSets {
  readonly #roots: Branch[] = []
  readonly #others: { readonly number: number; readonly context: Context }[] = []
  /** One empty place a context, to copy: an array that is filled out of order would become a slow one. */
  #nothing: (ContextNode[] | undefined)[] = []

  /** Adds a context under a number of the caller's. */
  add(number: number, context: Context): void {
    while (this.#nothing.length <= number) this.#nothing.push(undefined)
    const { isAbsolute, steps } = context
    if (!isAbsolute || steps.some(({ isDeep }) => isDeep)) {
      this.#others.push({ number, context })
      return
    }
    let branches = this.#roots
    let branch: Branch | undefined
    for (const step of steps) {
      if (branch !== undefined) branches = branchesFor(branch, step)
      branch = branches.find(({ step: { key } }) => key === step.key)
      if (branch !== undefined) continue
      branch = { step, ends: [], elements: new Map(), anyElement: [], attributes: [] }
      branches.push(branch)
    }
    branch?.ends.push(number)
  }

  /** The nodes of each context, by its number, in document order; undefined where there is none. */
  find(run: Run, names: Int32Array): readonly (readonly ContextNode[] | undefined)[] {
    const found = this.#nothing.slice()
    const walk = { run, names, found }
    for (const root of run.tree.children) for (const branch of this.#roots) meet(walk, root, branch)
    for (const { number, context } of this.#others) {
      const nodes = scan(run, context)
      if (nodes.length > 0) found[number] = nodes
    }
    return found
  }
}

function branchesFor(branch: Branch, step: ContextStep): Branch[] {
  if (step.isAttribute) return branch.attributes
  if (step.name === -1) return branch.anyElement
  const known = branch.elements.get(step.name)
  if (known !== undefined) return known
  const made: Branch[] = []
  branch.elements.set(step.name, made)
  return made
}

interface Walk {
  readonly run: Run
  /** Number in the rule set for each name of the document, -1 where the rules do not know it. */
  readonly names: Int32Array
  readonly found: (ContextNode[] | undefined)[]
}

function meet(walk: Walk, node: ContextNode, branch: Branch): void {
  const { run, found } = walk
  const { step } = branch
  if (step.name !== -1 && run.indexes[step.name] !== node.tag.index) return
  if (step.predicates.length > 0 && !holds(run, node, step)) return
  for (const number of branch.ends) (found[number] ??= []).push(node)
  if ('place' in node) meetBelow(walk, node, branch)
}

function meetBelow(walk: Walk, node: ElementNode, { attributes, elements, anyElement }: Branch): void {
  for (const next of attributes) for (const attribute of node.attributes) meet(walk, attribute, next)
  if (elements.size === 0 && anyElement.length === 0) return
  for (const child of node.children) {
    const nexts = elements.get(walk.names[child.tag.index] ?? -1)
    if (nexts !== undefined) for (const next of nexts) meet(walk, child, next)
    for (const next of anyElement) meet(walk, child, next)
  }
}

/** A predicate that errs does not hold (XSLT 3.0, 5.5.4). */
function holds(run: Run, node: ContextNode, { predicates }: ContextStep): boolean {
  try {
    for (const predicate of predicates) if (!predicate(run, node)) return false
    return true
  } catch (error) {
    if (error instanceof XPathError) return false
    throw error
  }
}

function scan(run: Run, { isAbsolute, steps }: Context): ContextNode[] {
  const at = steps.length - 1
  const last = steps[at]
  const way = { steps, isAbsolute, at }
  const nodes: ContextNode[] = []
  if (last === undefined || (last.name !== -1 && run.indexes[last.name] === absent)) return nodes
  if (steps.length === 1 && last.name === -1 && !last.isAttribute && (last.isDeep || !isAbsolute)) {
    return run.tree.elements.filter((element) => holds(run, element, last))
  }
  for (const element of run.tree.elements) {
    if (!last.isAttribute) {
      if (reaches(run, element, way)) nodes.push(element)
      continue
    }
    for (const attribute of element.attributes) if (reaches(run, attribute, way)) nodes.push(attribute)
  }
  return nodes
}

interface Backwards {
  readonly steps: readonly ContextStep[]
  readonly isAbsolute: boolean
  readonly at: number
}

/** Whether a node is the end of a path, read from its end. */
function reaches(run: Run, node: ContextNode, { steps, isAbsolute, at }: Backwards): boolean {
  const step = steps[at]
  if (step === undefined || !isNamed(run, node, step) || !holds(run, node, step)) return false
  if (at === 0) return step.isDeep || !isAbsolute || node.parent === undefined
  for (let above = node.parent; above !== undefined; above = step.isDeep ? above.parent : undefined) {
    if (reaches(run, above, { steps, isAbsolute, at: at - 1 })) return true
  }
  return false
}

function isNamed(run: Run, node: ContextNode, { name, isAttribute }: ContextStep): boolean {
  if (name !== -1 && node.tag.index !== run.indexes[name]) return false
  return 'place' in node ? !isAttribute : isAttribute && node.tag.index >= 0
}
