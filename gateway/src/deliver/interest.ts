import { isConfidential, type Kind, kinds } from '@socle/schemas'
import { HubError } from '../errors.ts'
import type { Happening } from '../store/happenings.ts'

export type Subject = Kind | 'outcome'

const subjects: readonly Subject[] = [...kinds, 'outcome']

/** Who listens and to what. The same test serves feed and webhooks, so that both always bring the same. */
export interface Interest {
  readonly account: string
  readonly buyers: ReadonlySet<string>
  readonly subjects: ReadonlySet<Subject>
  /** Only of these buyers; absent or empty: of every buyer. */
  readonly only?: ReadonlySet<string>
}

/** @throws HubError REQUEST_INVALID naming the kinds that exist */
export function parseSubjects(words: readonly string[]): ReadonlySet<Subject> {
  const found = words.map((word) => subjects.find((subject) => subject === word))
  const unknown = words.find((_, i) => found[i] === undefined)
  if (unknown !== undefined)
    throw new HubError('REQUEST_INVALID', { value: `kinds: ${unknown} (${subjects.join(', ')})` })
  return new Set(words.length === 0 ? subjects : found.filter((subject) => subject !== undefined))
}

/**
 * Documents go to everybody but their sender, the confidential ones to whoever the buyer mandated, and an outcome goes
 * to the document's sender and to its buyer. Of an erasure hears who would get the document now, and who got it then.
 */
export function concerns(interest: Interest, happening: Happening): boolean {
  const { account, buyers, only, subjects: wanted } = interest
  const document = happening.what === 'document' ? happening : happening.document
  if (only && only.size > 0 && !only.has(document.buyer)) return false
  if (happening.what === 'outcome') {
    if (!wanted.has('outcome') || happening.outcome.account === account) return false
    return document.account === account || buyers.has(document.buyer)
  }
  if (!wanted.has(document.kind)) return false
  if (happening.what === 'erasure' && happening.recipients.includes(account)) return true
  return document.account !== account && (!isConfidential(document.kind) || buyers.has(document.buyer))
}
