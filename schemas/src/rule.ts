import type { Severity } from './finding.ts'

/** A text in both languages of the hub: French for the people who must act on it, English for the others. */
export interface Bilingual {
  readonly fr: string
  readonly en: string
}

/** One entry of the rule catalogue. `{value}`, `{expected}` and named parameters in a message are filled in by `finding`. */
export interface Rule {
  /** Stable: a rule never changes meaning under the same id. */
  readonly id: string
  readonly severity: Severity
  /** Formats and versions the rule applies to. */
  readonly formats: readonly string[]
  /** JSON Pointers or XPaths from the record, `*` for any place in a list; empty when it concerns the whole document. */
  readonly fields: readonly string[]
  readonly message: Bilingual
  /** What a person should do about it. */
  readonly hint: Bilingual
  /** The law, specification or schema that asks for it. */
  readonly source: string
  /** Version of the hub that first applied it. */
  readonly since: string
}
