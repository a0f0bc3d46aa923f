import type { Outcome } from '@socle/schemas'
import type { Caller } from '../authenticate/caller.ts'
import { HubError } from '../errors.ts'
import type { Hub } from '../hub.ts'
import { record } from '../record/record.ts'
import type { HappeningDocument } from '../store/happenings.ts'

/** A retry under the same key is the same result, not a second one. */
export interface OutcomeKey {
  readonly key: string
  /** SHA-256 (hexadecimal) of the document's id and the bytes of the request. */
  readonly sha256: string
}

/**
 * A recipient says what became of a document: published at an address, integrated, archived, or refused because. The last
 * state of the document's way, and a ledger entry like the others.
 * @throws HubError KEY_REUSED
 */
export async function recordOutcome(
  hub: Hub,
  caller: Caller,
  document: HappeningDocument,
  outcome: Outcome & { readonly retry?: OutcomeKey },
): Promise<{ readonly id: string; readonly index: number }> {
  const { result, url = '', reason = '' } = outcome
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
    ...(outcome.retry ? { idempotency: { account: caller.account, ...outcome.retry } } : {}),
    effects: [{ write: 'outcome', row: { document: document.id, account: caller.account, result, url, reason } }],
  })
  if (appended.result === 'key-reused') throw new HubError('KEY_REUSED')
  if (appended.result === 'replayed') return await earlier(hub, appended.index)
  hub.events.concluded({ document: document.id, account: caller.account, result })
  return { id, index: appended.index }
}

async function earlier(hub: Hub, index: number): Promise<{ readonly id: string; readonly index: number }> {
  const entry = await hub.store.reader
    .selectFrom('entries')
    .select('id')
    .where('idx', '=', index)
    .executeTakeFirstOrThrow()
  return { id: entry.id, index }
}
