/** `reject` refuses the record, `warn` lets it pass and is kept with it, `info` tells what was done or assumed. */
export type Severity = 'reject' | 'warn' | 'info'

/**
 * One thing a validation found. Every finding of a document is returned, never the first only.
 * Where it is: `pointer` (RFC 6901) in JSON, `xpath` in XML; `record` numbers the record in a file of several, from 0.
 */
export interface Finding {
  readonly rule: string
  readonly severity: Severity
  readonly record?: number
  readonly pointer?: string
  readonly xpath?: string
  /** Business field in its own standard: `BT-131(d)-Lot`. */
  readonly field?: string
  /** Offending value as it stands in the source, cut at 200 characters. */
  readonly value?: string
  readonly expected?: string
  readonly message: { readonly fr: string; readonly en: string }
  /** The law, specification or schema that asks for it. */
  readonly source: string
}

/** True when nothing in the findings refuses the record. */
export function isAccepted(findings: readonly Finding[]): boolean {
  return !findings.some((finding) => finding.severity === 'reject')
}
