import type { Expr } from './xpath/ast.ts'
import { UnsupportedXPath } from './xpath/ast.ts'
import { compileExpr } from './xpath/compile.ts'
import { type Compiled, type Compiler, type Variable, isConstant, memoised } from './xpath/compiled.ts'
import { parseXPath } from './xpath/parse.ts'

/** Compiles the expressions of one schema: what they share (names, variables, values kept for a run) is numbered here. */
export class Scope implements Compiler {
  /** Expanded names by number, as `{ns, name}`. */
  readonly names: { readonly ns: string; readonly name: string }[] = []
  readonly #prefixes: ReadonlyMap<string, string>
  readonly #variables: ReadonlyMap<string, string>
  readonly #numbers = new Map<string, number>()
  readonly #memos = new Map<string, number>()
  readonly #globals = new Map<string, Compiled>()
  readonly #compiled = new WeakMap<Expr, Compiled>()
  readonly #range: (readonly [name: string, variable: Variable])[] = []
  /** Globals being compiled: one that needs itself has no value. */
  readonly #open = new Set<string>()
  #slots = 0

  constructor(prefixes: Readonly<Record<string, string>>, variables: readonly (readonly [string, string])[]) {
    this.#prefixes = new Map(Object.entries(prefixes))
    this.#variables = new Map(variables)
  }

  get memoCount(): number {
    return this.#memos.size
  }

  get slotCount(): number {
    return this.#slots
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
      compiled = compileExpr(expr, this)
      this.#compiled.set(expr, compiled)
    }
    return compiled
  }

  readonly nameOf = (ns: string, name: string): number => {
    const key = `${ns} ${name}`
    let number = this.#numbers.get(key)
    if (number === undefined) {
      number = this.names.push({ ns, name }) - 1
      this.#numbers.set(key, number)
    }
    return number
  }

  readonly memoOf = (expr: Expr): number => this.memoNamed(JSON.stringify(expr))

  readonly variable = (name: string): Variable => {
    const bound = this.#range.findLast(([known]) => known === name)
    if (bound !== undefined) return bound[1]
    const compiled = this.global(name)
    return { type: compiled.type, compiled }
  }

  readonly within = (name: string, source: Compiled, body: Expr): { slot: number; compiled: Compiled } => {
    const slot = this.#slots
    this.#slots += 1
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
    // A global does not see the range variables of who asks for it.
    const range = this.#range.splice(0)
    const compiled = this.compileText(source)
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
