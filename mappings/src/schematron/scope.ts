import type { XmlTree } from '../xml/tree.ts'
import { type Expr, UnsupportedXPath } from './xpath/ast.ts'
import { compileExpr } from './xpath/compile.ts'
import {
  type Compiled,
  type Compiler,
  type Variable,
  absent,
  isConstant,
  memoised,
  memoisedTruth,
} from './xpath/compiled.ts'
import { parseXPath } from './xpath/parse.ts'
import { is } from './xpath/values.ts'

/** Loops within loops; beyond it an expression is not one of a rule. */
const mostNested = 16

/** Compiles the expressions of one schema: what they share (names, variables, values kept for a run) is numbered here. */
export class Scope implements Compiler {
  readonly #prefixes: ReadonlyMap<string, string>
  readonly #variables: ReadonlyMap<string, string>
  /** Numbers of the names, by namespace and name. */
  readonly #names = new Map<string, Map<string, number>>()
  #nameCount = 0
  readonly #memos = new Map<string, number>()
  readonly #globals = new Map<string, Compiled>()
  readonly #compiled = new WeakMap<Expr, Compiled>()
  readonly #range: (readonly [name: string, variable: Variable])[] = []
  /** Globals being compiled: one that needs itself has no value. */
  readonly #open = new Set<string>()
  #slots = 0
  /** First slot of the expression being compiled. */
  #base = 0

  constructor(prefixes: Readonly<Record<string, string>>, variables: readonly (readonly [string, string])[]) {
    this.#prefixes = new Map(Object.entries(prefixes))
    this.#variables = new Map(variables)
  }

  get memoCount(): number {
    return this.#memos.size
  }

  parse(source: string): Expr {
    return parseXPath(source, this.#prefixes)
  }

  compileText(source: string): Compiled {
    return this.compile(this.parse(source))
  }

  readonly compile = (expr: Expr): Compiled => {
    let compiled = this.#compiled.get(expr)
    if (compiled === undefined) {
      compiled = this.kept(expr, compileExpr(expr, this))
      this.#compiled.set(expr, compiled)
    }
    return compiled
  }

  /** What has one value a document is computed once a document. */
  private kept(expr: Expr, compiled: Compiled): Compiled {
    const isCheap = ['string', 'number', 'variable', 'sequence', 'path'].includes(expr.kind)
    if (isCheap || (expr.kind === 'call' && expr.args.length === 0) || !isConstant(compiled)) return compiled
    if (compiled.type === is.boolean && compiled.isSingle) return memoisedTruth(compiled, this.memoOf(expr))
    return compiled
  }

  readonly nameOf = (ns: string, name: string): number => {
    let names = this.#names.get(ns)
    if (names === undefined) {
      names = new Map()
      this.#names.set(ns, names)
    }
    let number = names.get(name)
    if (number === undefined) {
      number = this.#nameCount
      this.#nameCount += 1
      names.set(name, number)
    }
    return number
  }

  /** Numbers of the rules' names in a document (or `absent`), and of the document's names in the rules (or -1). */
  match(tree: XmlTree): { readonly indexes: Int32Array; readonly names: Int32Array } {
    const indexes = new Int32Array(this.#nameCount).fill(absent)
    const names = new Int32Array(tree.names.length).fill(-1)
    for (const [index, { ns, name }] of tree.names.entries()) {
      const number = this.#names.get(ns)?.get(name)
      if (number === undefined) continue
      indexes[number] = index
      names[index] = number
    }
    return { indexes, names }
  }

  readonly memoOf = (expr: Expr): number => this.memoNamed(JSON.stringify(expr))

  readonly variable = (name: string): Variable => {
    const bound = this.#range.findLast(([known]) => known === name)
    if (bound !== undefined) return bound[1]
    const compiled = this.global(name)
    return { type: compiled.type, compiled }
  }

  readonly within = (name: string, source: Compiled, body: Expr): { slot: number; compiled: Compiled } => {
    // By how deep the loop is nested, so that an expression has the same slots wherever it is used again.
    if (this.#range.length >= mostNested) throw new UnsupportedXPath('loops nested so deep')
    const slot = this.#base + this.#range.length
    this.#slots = Math.max(this.#slots, slot + 1)
    this.#range.push([name, { type: source.type, slot }])
    const compiled = this.compile(body)
    this.#range.pop()
    return { slot, compiled }
  }

  private global(name: string): Compiled {
    const known = this.#globals.get(name)
    if (known !== undefined) return known
    const source = this.#variables.get(name)
    if (source === undefined) throw new UnsupportedXPath(`the variable $${name}, which nothing declares`)
    if (this.#open.has(name)) throw new UnsupportedXPath(`the variable $${name}, which needs itself`)
    this.#open.add(name)
    // A global neither sees the range variables of who asks for it, nor uses their slots.
    const range = this.#range.splice(0)
    const base = this.#base
    this.#base = this.#slots + mostNested
    const compiled = this.compileText(source)
    this.#base = base
    this.#range.push(...range)
    this.#open.delete(name)
    // The context of a global variable is the document.
    const atDocument: Compiled = { ...compiled, some: (run, _, visit) => compiled.some(run, run.tree, visit) }
    const uses = { context: false, slots: [] }
    if (!isConstant({ uses: { ...compiled.uses, context: false } })) throw new UnsupportedXPath(`the variable $${name}`)
    const global = { ...memoised({ ...atDocument, uses }, this.memoNamed(`$${name}`)), isSingle: compiled.isSingle }
    this.#globals.set(name, global)
    return global
  }

  private memoNamed(key: string): number {
    let memo = this.#memos.get(key)
    if (memo === undefined) {
      memo = this.#memos.size
      this.#memos.set(key, memo)
    }
    return memo
  }
}
