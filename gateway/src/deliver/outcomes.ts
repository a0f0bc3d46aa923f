import type { Caller } from '../authenticate/caller.ts'
import { HubError } from '../errors.ts'
import type { Hub } from '../hub.ts'
import { record } from '../record/record.ts'
import type { HappeningDocument } from '../store/happenings.ts'

export const results = ['published', 'integrated', 'archived', 'refused'] as const

export type Result = (typeof results)[number]

export interface OutcomeRequest {
  readonly result: Result
  readonly url?: string
  readonly reason?: string
}

/**
 * A recipient says what became of a document: published at an address, integrated, archived, or refused because. The last
 * state of the document's way, and a ledger entry like the others.
 * @throws HubError REQUEST_INVALID: published without an address, refused without a reason
 */
export async function recordOutcome(
  hub: Hub,
  caller: Caller,
  document: HappeningDocument,
  outcome: OutcomeRequest,
): Promise<{ readonly id: string; readonly index: number }> {
  const { result, url = '', reason = '' } = outcome
  if (result === 'published' && !/^https?:\/\//.test(url)) throw new HubError('REQUEST_INVALID', { value: 'url' })
  if (result === 'refused' && reason === '') throw new HubError('REQUEST_INVALID', { value: 'reason' })
  const id = hub.newId()
  const { appended } = await record(hub, {
    envelope: {
      v: 1,
      id,
      kind: 'out',
      type: result,
      environment: hub.config.environment,
      at: hub.clock().toISOString(),
      account: caller.account,
      buyer: document.buyer,
      consultation: document.consultation,
      outcome: { document: document.id, result, ...(url ? { url } : {}), ...(reason ? { reason } : {}) },
    },
    effects: [{ write: 'outcome', row: { document: document.id, account: caller.account, result, url, reason } }],
  })
  if (appended.result !== 'recorded') throw new Error('an outcome has no idempotency key and is always new')
  hub.events.concluded({ document: document.id, account: caller.account, result })
  return { id, index: appended.index }
}
