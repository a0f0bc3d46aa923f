import type { XmlNode } from '../xml/node.ts'
import { readContext, splitGuards } from './contexts.ts'
import { SchemaError, readSchema } from './read-schema.ts'
import { type Pattern, type Phase, type Rule, type RuleSet, type Traits, ruleSetFormat } from './rule-set.ts'
import { Scope } from './scope.ts'
import { UnsupportedXPath } from './xpath/ast.ts'

/**
 * Compiles a Schematron schema (ISO/IEC 19757-3, query binding xslt2) to a rule set. `files` gives the text of a file by
 * its path; `entry` is the path of the schema, includes are relative to it. Contexts and tests are parsed and compiled
 * once here to prove that they are in the subset. Throws one SchemaError that lists every assert, rule, variable or
 * element that is not, and why: a rule that cannot be run must stop the pack, not be forgotten.
 */
export function compileSchematron(files: (path: string) => string, entry: string): RuleSet {
  const { parts } = readSchema(files, entry)
  return new SchemaCompiler(parts).compile()
}

class SchemaCompiler {
  readonly #parts: readonly XmlNode[]
  readonly #scope: Scope
  readonly #prefixes: Readonly<Record<string, string>>
  readonly #variables: readonly (readonly [string, string])[]
  readonly #faults: string[] = []
  readonly #contexts = new Table()
  readonly #tests = new Table()
  readonly #guards = new Table()
  readonly #traits = new Table()
  readonly #subjects: ReadonlyMap<string, string>

  constructor(parts: readonly XmlNode[]) {
    this.#parts = parts
    this.#prefixes = Object.fromEntries(
      named(parts, 'ns').map(({ attrs }) => [attrs['prefix'] ?? '', attrs['uri'] ?? '']),
    )
    const lets = [...named(parts, 'let'), ...named(parts, 'pattern').flatMap(({ children }) => named(children, 'let'))]
    this.#variables = lets.map(({ attrs }) => [attrs['name'] ?? '', attrs['value'] ?? ''])
    this.#scope = new Scope(this.#prefixes, this.#variables)
    const diagnostics = named(parts, 'diagnostics').flatMap(({ children }) => named(children, 'diagnostic'))
    this.#subjects = new Map(diagnostics.map(({ attrs }) => [attrs['id'] ?? '', attrs['see'] ?? '']))
  }

  compile(): RuleSet {
    const known = ['title', 'p', 'ns', 'let', 'phase', 'pattern', 'diagnostics']
    for (const { name } of this.#parts)
      if (!known.includes(name)) this.#faults.push(`the element ${name} in the schema`)
    this.checkVariables()
    const patterns = named(this.#parts, 'pattern').map((pattern) => this.readPattern(pattern))
    const phases = named(this.#parts, 'phase').map((phase) => this.readPhase(phase, patterns))
    if (this.#faults.length > 0) throw new SchemaError(this.#faults)
    return {
      format: ruleSetFormat,
      title: named(this.#parts, 'title')[0]?.text.trim() ?? '',
      prefixes: this.#prefixes,
      variables: this.#variables,
      contexts: this.#contexts.values,
      tests: this.#tests.values,
      guards: this.#guards.values,
      traits: this.#traits.values.map((text) => JSON.parse(text) as Traits),
      patterns,
      phases,
    }
  }

  private checkVariables(): void {
    const names = this.#variables.map(([name]) => name)
    for (const name of names.filter((name, i) => names.indexOf(name) !== i))
      this.#faults.push(`$${name} declared twice`)
    for (const name of names) this.attempt(`variable $${name}`, () => this.#scope.variable(name))
  }

  private readPhase({ attrs, children }: XmlNode, patterns: readonly Pattern[]): Phase {
    const id = attrs['id'] ?? ''
    const active = new Set(named(children, 'active').map(({ attrs }) => attrs['pattern'] ?? ''))
    for (const pattern of active) {
      if (!patterns.some(({ id }) => id === pattern)) this.#faults.push(`phase ${id}: no pattern ${pattern}`)
    }
    for (const { name } of children) if (name !== 'active' && name !== 'p') this.#faults.push(`phase ${id}: ${name}`)
    return { id, patterns: patterns.flatMap((pattern, i) => (active.has(pattern.id) ? [i] : [])) }
  }

  private readPattern({ attrs, children }: XmlNode): Pattern {
    const id = attrs['id'] ?? ''
    for (const attribute of ['abstract', 'is-a', 'documents']) {
      if (attrs[attribute] !== undefined) this.#faults.push(`pattern ${id}: the attribute ${attribute}`)
    }
    for (const { name } of children) {
      if (!['rule', 'let', 'title', 'p'].includes(name)) this.#faults.push(`pattern ${id}: the element ${name}`)
    }
    return { id, rules: named(children, 'rule').flatMap((rule) => this.readRule(rule, id)) }
  }

  private readRule({ attrs, children }: XmlNode, pattern: string): readonly Rule[] {
    const source = attrs['context'] ?? ''
    const asserts = children.flatMap((child) => this.readAssert(child, `pattern ${pattern}, context ${source}`))
    return this.attempt(`pattern ${pattern}, context ${source}`, () => {
      const { context, guards } = splitGuards(source, (text) => this.#scope.parse(text))
      for (const guard of guards) this.#scope.compileText(guard)
      if (!this.#contexts.has(context)) readContext(context, this.#scope)
      return [this.#contexts.add(context), guards.map((guard) => this.#guards.add(guard)), asserts] as const
    })
  }

  private readAssert({ name, attrs, children, text }: XmlNode, place: string): Rule[2] {
    const { id = '', test = '', role, flag, diagnostics } = attrs as Readonly<Record<string, string | undefined>>
    if (name !== 'assert') this.#faults.push(`${place}: the element ${name}`)
    if (children.length > 0) this.#faults.push(`${id}: elements in the message`)
    const see = diagnostics?.split(/\s+/).flatMap((one) => this.#subjects.get(one) ?? [])
    const message = text.trim().replaceAll(/\s+/g, ' ')
    const traits: Traits = {
      ...(role === undefined ? {} : { role }),
      ...(flag === undefined ? {} : { flag }),
      ...(diagnostics === undefined ? {} : { diagnostics }),
      ...(see === undefined ? {} : { see }),
      ...(message === `rule|text|${id}` ? {} : { text: message }),
    }
    return this.attempt(id, () => {
      if (!this.#tests.has(test)) this.#scope.compileText(test)
      return [id, this.#tests.add(test), this.#traits.add(JSON.stringify(traits))]
    }).flat()
  }

  /** Notes the reason when something is outside the subset; anything else is a fault of ours. */
  private attempt<T>(what: string, make: () => T): readonly T[] {
    try {
      return [make()]
    } catch (error) {
      if (!(error instanceof UnsupportedXPath)) throw error
      this.#faults.push(`${what}: ${error.message}`)
      return []
    }
  }
}

function named(nodes: readonly XmlNode[], name: string): readonly XmlNode[] {
  return nodes.filter((node) => node.name === name)
}

/** Texts, each once, by the order of their first use. */
class Table {
  readonly values: string[] = []
  readonly #indexes = new Map<string, number>()

  has(value: string): boolean {
    return this.#indexes.has(value)
  }

  add(value: string): number {
    let index = this.#indexes.get(value)
    if (index === undefined) {
      index = this.values.push(value) - 1
      this.#indexes.set(value, index)
    }
    return index
  }
}
