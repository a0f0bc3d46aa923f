import type { Message } from '@socle/schemas'
import type { ReportCheck, Verdict } from '../audit/report.ts'

/** What the page found in the files it was given, in both languages: changing the language verifies nothing again. */
export interface Outcome {
  /** `nothing`: no file that could be verified. */
  readonly verdict: Verdict | 'nothing'
  /** The keys that everything was held against, for the auditor to compare with what the operator publishes. */
  readonly keys: readonly KeyShown[]
  readonly items: readonly Item[]
  /** Files that nothing was done with, and why. */
  readonly unused: readonly Unused[]
}

export interface KeyShown {
  readonly file: string
  /** Verifier key, or SHA-256 of a certificate. */
  readonly value: string
}

export type ItemKind = 'receipt' | 'container' | 'checkpoint' | 'export' | 'document'

/** One thing that was verified: what one run of `socle verify` says. */
export interface Item {
  readonly kind: ItemKind
  readonly name: string
  /** Parameters of `socle verify` that say the same. */
  readonly command: readonly string[]
  readonly verdict: Verdict
  readonly checks: readonly ReportCheck[]
}

export interface Unused {
  readonly name: string
  readonly message: Message
}
