import type { Finding } from '@socle/schemas'
import { catalogue } from './error-catalogue.ts'
import type { ErrorCode } from './error-codes.ts'
import type { CatalogueEntry } from './error-entry.ts'

/** What a handler may add: offending values (shown to the caller, so never a secret) and what to wait for. */
export interface ErrorDetails {
  readonly value?: string
  readonly retryAfterSeconds?: number
  readonly findings?: readonly Finding[]
  /** Receipt of the refusal, when the refusal itself was recorded. */
  readonly receipt?: unknown
}

/**
 * An expected failure. Its code decides status, title and hint (in `error-catalogue.ts`); anything that is not a
 * HubError is a bug and answers 500.
 */
export class HubError extends Error {
  override readonly name = 'HubError'
  readonly code: ErrorCode
  readonly details: ErrorDetails

  constructor(code: ErrorCode, details: ErrorDetails = {}, cause?: unknown) {
    super(catalogue[code].title.en, cause === undefined ? undefined : { cause })
    this.code = code
    this.details = details
  }

  get entry(): CatalogueEntry {
    return catalogue[this.code]
  }
}

/** Of what is gone: when, and by which decision. */
export function erased({ at, decision }: { readonly at: string; readonly decision: string }): HubError {
  return new HubError('DOCUMENT_ERASED', { value: `${at} (${decision})` })
}
