/**
 * A compiled Schematron schema as plain JSON: what it says, each context and test once. Expressions stay text that was
 * checked to be in the subset: text is smaller than a syntax tree and is parsed in microseconds when a phase is first
 * used. Stored on disk by whoever installs a rule pack; read by `openRuleSet`.
 */
export interface RuleSet {
  readonly format: typeof ruleSetFormat
  readonly title: string
  /** Prefixes that contexts, tests and variables use. */
  readonly prefixes: Readonly<Record<string, string>>
  /** Global variables by name: a `let` of a pattern is one, as in every implementation. */
  readonly variables: readonly (readonly [name: string, value: string])[]
  readonly contexts: readonly string[]
  readonly tests: readonly string[]
  /** Predicates of contexts that depend on variables only (`$noticeSubType = '16'`): one answer a document. */
  readonly guards: readonly string[]
  /** What asserts have in common: most of them share their role and their diagnostics with others. */
  readonly traits: readonly Traits[]
  readonly patterns: readonly Pattern[]
  readonly phases: readonly Phase[]
}

/** Changes when a rule set on disk could no longer be read. */
export const ruleSetFormat = 'socle-rule-set-1'

export interface Traits {
  readonly role?: string
  readonly flag?: string
  /** Ids of the diagnostics, as written. */
  readonly diagnostics?: string
  /** What the diagnostics are about (`see`): in eForms, the field. */
  readonly see?: readonly string[]
  /** Message when it is not the one that follows from the id (`rule|text|ID` in eForms). */
  readonly text?: string
}

export interface Pattern {
  readonly id: string
  readonly rules: readonly Rule[]
}

/**
 * Index in `contexts`; indexes in `guards`; and for each assert its id, its index in `tests` and its index in `traits`,
 * one after the other. Arrays without keys: there are tens of thousands.
 */
export type Rule = readonly [context: number, guards: readonly number[], asserts: readonly (string | number)[]]

export interface Phase {
  readonly id: string
  /** Indexes in `patterns`, in the order of the schema. */
  readonly patterns: readonly number[]
}

/** The message of an assert. */
export function messageOf(id: string, { text }: Traits): string {
  return text ?? `rule|text|${id}`
}
