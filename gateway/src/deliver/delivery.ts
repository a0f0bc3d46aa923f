import type { Hub } from '../hub.ts'
import type { Effect, NewEntry } from '../record/entry.ts'
import { record } from '../record/record.ts'

export interface Delivered {
  readonly recipient: string
  readonly channel: 'webhook' | 'feed'
  readonly documents: readonly string[]
  readonly subscription?: string
  /** HTTP status of the recipient's answer. */
  readonly status?: number
  /** The position that moves with it: never without the entry, never the entry without it. */
  readonly moves?: Effect
  /** Whoever says the same at once, or once more, is one delivery. */
  readonly once?: NewEntry['idempotency']
}

/**
 * A delivery is a ledger entry: who received which documents, how, when. A crash before this entry delivers again with
 * the same ids; a crash after it never does. `known`: another replica logged it before.
 */
export async function recordDelivery(hub: Hub, delivered: Delivered): Promise<'recorded' | 'known'> {
  const { recipient, channel, documents, subscription, status, moves, once } = delivered
  const { appended } = await record(hub, {
    envelope: {
      v: 1,
      id: hub.newId(),
      kind: 'dlv',
      type: channel,
      environment: hub.config.environment,
      at: hub.clock().toISOString(),
      account: recipient,
      delivery: {
        recipient,
        channel,
        documents: [...documents],
        ...(subscription === undefined ? {} : { subscription }),
        ...(status === undefined ? {} : { status }),
      },
    },
    ...(once ? { idempotency: once } : {}),
    effects: [
      ...(documents.length === 0 ? [] : [{ write: 'delivery' as const, documents, recipient, channel }]),
      ...(moves ? [moves] : []),
    ],
  })
  if (appended.result !== 'recorded') return 'known'
  hub.events.delivered({ channel, recipient, documents: documents.length })
  hub.at('delivered')
  return 'recorded'
}
