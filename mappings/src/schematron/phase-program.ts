import type { XmlTree } from '../xml/tree.ts'
import type { Context } from './contexts.ts'
import { type Failure, failureOf } from './failure.ts'
import { type ContextNode, NodeSets } from './node-sets.ts'
import type { Pattern, Phase } from './rule-set.ts'
import type { CompiledAssert, RuleTable } from './rule-table.ts'
import { type Compiled, type Run, absent } from './xpath/compiled.ts'
import { placeOf } from './xpath/document-order.ts'
import { XPathError } from './xpath/errors.ts'

interface CompiledRule {
  readonly context: number
  readonly guards: readonly Compiled['test'][]
  readonly asserts: readonly CompiledAssert[]
  /** Number of the pattern when another of its rules may fire for the same node: only the first of them does. */
  readonly rivals: number | undefined
}

/** The rules of a phase, compiled. */
export class PhaseProgram {
  readonly #table: RuleTable
  readonly #rules: readonly CompiledRule[]
  readonly #sets = new NodeSets()

  constructor(table: RuleTable, phase: Phase) {
    this.#table = table
    const { patterns } = table.ruleSet
    this.#rules = phase.patterns.flatMap((number) => {
      const pattern = patterns[number]
      return pattern === undefined ? [] : compilePattern(table, pattern, number)
    })
    for (const context of new Set(this.#rules.map(({ context }) => context))) {
      this.#sets.add(context, table.context(context))
    }
  }

  run(tree: XmlTree, now: Date, offset: number): readonly Failure[] {
    const { scope } = this.#table
    const { indexes, names } = scope.match(tree)
    const run: Run = { tree, indexes, slots: [], memo: [], truths: new Uint8Array(scope.memoCount), now, offset }
    const nodes = this.#sets.find(run, names)
    const failures: Failure[] = []
    const fired = new Map<number, Set<ContextNode>>()
    for (const rule of this.#rules) {
      const found = nodes[rule.context]
      if (found === undefined || (rule.guards.length > 0 && !areMet(rule.guards, run))) continue
      judge(run, rule.asserts, { nodes: free(rule, found, fired), failures })
    }
    return failures.sort((a, b) => placeOf(a.node) - placeOf(b.node))
  }
}

function compilePattern(table: RuleTable, { rules }: Pattern, number: number): readonly CompiledRule[] {
  const paths = rules.map(([context]) => pathOf(table.context(context)))
  const counts = new Map<string | undefined, number>()
  for (const path of paths) counts.set(path, (counts.get(path) ?? 0) + 1)
  const isOpen = counts.has(undefined) && rules.length > 1
  return rules.map(([context, guards, asserts], i) => ({
    context,
    guards: guards.map((guard) => table.guard(guard)),
    asserts: table.asserts(asserts, depthOf(table.context(context))),
    rivals: isOpen || (counts.get(paths[i]) ?? 0) > 1 ? number : undefined,
  }))
}

/** How deep the nodes of a context are, when it says so. */
function depthOf({ isAbsolute, steps }: Context): number | undefined {
  return isAbsolute && !steps.some(({ isDeep }) => isDeep) ? steps.length : undefined
}

/** The names on the way to a context: two contexts with other names never meet. Undefined when any way may do. */
function pathOf({ isAbsolute, steps }: Context): string | undefined {
  if (!isAbsolute || steps.some(({ isDeep }) => isDeep)) return undefined
  if (steps.some(({ name }, i) => name === -1 && i > 0)) return undefined
  return steps.map(({ name, isAttribute }, i) => (i === 0 ? '' : `${isAttribute ? '@' : ''}${name}`)).join('/')
}

/** A guard that errs is not met: it is part of the context. */
function areMet(guards: readonly Compiled['test'][], run: Run): boolean {
  try {
    return guards.every((guard) => guard(run, run.tree))
  } catch (error) {
    if (error instanceof XPathError) return false
    throw error
  }
}

/** The nodes for which no earlier rule of the pattern has fired. */
function free(
  { rivals }: CompiledRule,
  nodes: readonly ContextNode[],
  fired: Map<number, Set<ContextNode>>,
): readonly ContextNode[] {
  if (rivals === undefined) return nodes
  let taken = fired.get(rivals)
  if (taken === undefined) {
    taken = new Set()
    fired.set(rivals, taken)
  }
  const open = nodes.filter((node) => !taken.has(node))
  for (const node of open) taken.add(node)
  return open
}

function lacksOne({ indexes }: Run, names: readonly number[]): boolean {
  for (const name of names) if (indexes[name] === absent) return true
  return false
}

interface Judging {
  readonly nodes: readonly ContextNode[]
  readonly failures: Failure[]
}

function judge(run: Run, asserts: readonly CompiledAssert[], { nodes, failures }: Judging): void {
  for (const assert of asserts) {
    const { test, unless } = assert
    if (lacksOne(run, unless)) continue
    for (const node of nodes) {
      try {
        if (!test(run, node)) failures.push(failureOf(assert, node, undefined))
      } catch (error) {
        if (!(error instanceof XPathError)) throw error
        failures.push(failureOf(assert, node, error.code))
      }
    }
  }
}
