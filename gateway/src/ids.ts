import { HubError } from './errors.ts'

/** Branded so that one kind of id is never passed for another. They are made here and nowhere else. */
export type DocumentId = string & { readonly brand: 'DocumentId' }
export type AccountId = string & { readonly brand: 'AccountId' }
export type SubscriptionId = string & { readonly brand: 'SubscriptionId' }

/** Place of an entry in the log, from 0, without a gap, in commit order. */
export type Sequence = number

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

/** @throws HubError DOCUMENT_NOT_FOUND: an id that cannot exist is answered like one that does not. */
export function parseDocumentId(text: string): DocumentId {
  if (!uuid.test(text)) throw new HubError('DOCUMENT_NOT_FOUND')
  return text as DocumentId
}

/** @throws HubError SUBSCRIPTION_NOT_FOUND */
export function parseSubscriptionId(text: string): SubscriptionId {
  if (!uuid.test(text)) throw new HubError('SUBSCRIPTION_NOT_FOUND')
  return text as SubscriptionId
}

/** Account ids are chosen by the operator: short, readable, safe in a log line and in a file name. */
export function parseAccountId(text: string): AccountId {
  if (!/^[a-z0-9][a-z0-9-]{1,62}$/.test(text)) throw new HubError('ACCOUNT_ID_INVALID', { value: text })
  return text as AccountId
}
