import type { Award, DumeRequest, DumeResponse, Finding, Kind, Notice } from '@socle/schemas'

/** The formats the hub can name. A named format is not always one it can read: see `reads` in detect. */
export type FormatName =
  | 'eforms'
  | 'espd-response'
  | 'espd-request'
  | 'decp-json'
  | 'decp-xml'
  | 'boamp-xml'
  | 'boamp-json'
  | 'seda'
  | 'actes'
  | 'svrl'
  | 'xsd'
  | 'json-schema'
  | 'unknown'

/** Format and version as detected in the bytes, never taken on trust from a file name or a media type. */
export interface Detected {
  readonly format: FormatName
  /** As declared in the document: `eforms-sdk-1.13`, `2.1.1`, `2.0.4`; undefined when it declares none. */
  readonly version: string | undefined
}

export type Canonical = Notice | Award | DumeRequest | DumeResponse

/** One record of a document: a notice and a response hold one, a DECP file may hold several. */
export interface ExaminedRecord {
  /** 0-based place in the file. */
  readonly index: number
  /** Undefined when a finding of this record rejects it. */
  readonly canonical: Canonical | undefined
}

/** What is known of a document once its bytes were read and judged. Pure: the same offline, in the hub and in a connector. */
export interface Examination extends Detected {
  readonly kind: Kind | undefined
  readonly verdict: 'accepted' | 'refused'
  readonly findings: readonly Finding[]
  readonly records: readonly ExaminedRecord[]
}
