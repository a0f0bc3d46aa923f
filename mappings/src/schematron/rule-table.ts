import { type Context, readContext } from './contexts.ts'
import type { RuleSet, Traits } from './rule-set.ts'
import { Scope } from './scope.ts'
import type { Compiled } from './xpath/compiled.ts'

/** A test and the assert it belongs to. */
export interface CompiledAssert {
  readonly id: string
  readonly source: string
  readonly traits: Traits
  readonly test: Compiled['test']
}

/** The contexts and tests of a rule set, each compiled at its first use and shared by all phases. */
export class RuleTable {
  readonly ruleSet: RuleSet
  readonly scope: Scope
  readonly #tests: (Compiled['test'] | undefined)[] = []
  readonly #contexts: (Context | undefined)[] = []
  readonly #guards: (Compiled['test'] | undefined)[] = []

  constructor(ruleSet: RuleSet) {
    this.ruleSet = ruleSet
    this.scope = new Scope(ruleSet.prefixes, ruleSet.variables)
  }

  /** Asserts from their flat form: id, test, traits, and so on. */
  asserts(flat: readonly (string | number)[]): readonly CompiledAssert[] {
    const asserts: CompiledAssert[] = []
    for (let i = 0; i < flat.length; i += 3) asserts.push(this.assert(flat.slice(i, i + 3)))
    return asserts
  }

  private assert([id, test, traits]: readonly (string | number | undefined)[]): CompiledAssert {
    const source = at(this.ruleSet.tests, Number(test))
    this.#tests[Number(test)] ??= this.scope.compileText(source).test
    return {
      id: String(id),
      source,
      traits: at(this.ruleSet.traits, Number(traits)),
      test: at(this.#tests, Number(test)),
    }
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
