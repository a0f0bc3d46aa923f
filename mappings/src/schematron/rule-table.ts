import { type Context, readContext } from './contexts.ts'
import type { RuleSet, Traits } from './rule-set.ts'
import { Scope } from './scope.ts'
import type { Expr } from './xpath/ast.ts'
import type { Compiled } from './xpath/compiled.ts'
import { lift } from './xpath/lift.ts'
import { vacuousWithout } from './xpath/vacuous.ts'

/** A test and the assert it belongs to. */
export interface CompiledAssert {
  readonly id: string
  readonly source: string
  readonly traits: Traits
  readonly test: Compiled['test']
  /** Numbers of the names without any of which in a document the test holds. */
  readonly unless: readonly number[]
}

/** The contexts and tests of a rule set, each compiled at its first use and shared by all phases. */
export class RuleTable {
  readonly ruleSet: RuleSet
  readonly scope: Scope
  readonly #parsed: (Expr | undefined)[] = []
  readonly #unless: (readonly number[] | undefined)[] = []
  /** By index, and by depth where it makes a difference. */
  readonly #tests = new Map<string, Compiled['test']>()
  readonly #contexts: (Context | undefined)[] = []
  readonly #guards: (Compiled['test'] | undefined)[] = []

  constructor(ruleSet: RuleSet) {
    this.ruleSet = ruleSet
    this.scope = new Scope(ruleSet.prefixes, ruleSet.variables)
  }

  /** Asserts from their flat form (id, test, traits, and so on), for contexts at a depth when it is known. */
  asserts(flat: readonly (string | number)[], depth: number | undefined): readonly CompiledAssert[] {
    const asserts: CompiledAssert[] = []
    for (let i = 0; i < flat.length; i += 3) {
      const [id, test, traits] = flat.slice(i, i + 3)
      asserts.push({
        id: String(id),
        source: at(this.ruleSet.tests, Number(test)),
        traits: at(this.ruleSet.traits, Number(traits)),
        test: this.test(Number(test), depth),
        unless: this.unless(Number(test)),
      })
    }
    return asserts
  }

  private unless(index: number): readonly number[] {
    this.#unless[index] ??= [...vacuousWithout(this.expr(index))].map((name) => {
      const blank = name.lastIndexOf(' ')
      return this.scope.nameOf(name.slice(0, blank), name.slice(blank + 1))
    })
    return at(this.#unless, index)
  }

  private expr(index: number): Expr {
    this.#parsed[index] ??= this.scope.parse(at(this.ruleSet.tests, index))
    return at(this.#parsed, index)
  }

  private test(index: number, depth: number | undefined): Compiled['test'] {
    const written = this.expr(index)
    const expr = depth === undefined ? written : lift(written, depth)
    const key = `${index} ${expr === written ? 'anywhere' : depth}`
    let test = this.#tests.get(key)
    if (test === undefined) {
      test = this.scope.compile(expr).test
      this.#tests.set(key, test)
    }
    return test
  }

  context(index: number): Context {
    this.#contexts[index] ??= readContext(at(this.ruleSet.contexts, index), this.scope)
    return at(this.#contexts, index)
  }

  guard(index: number): Compiled['test'] {
    this.#guards[index] ??= this.scope.compileText(at(this.ruleSet.guards, index)).test
    return at(this.#guards, index)
  }
}

function at<T>(list: readonly (T | undefined)[], index: number): T {
  const item = list[index]
  if (item === undefined) throw new Error('a rule set that points outside itself')
  return item
}
