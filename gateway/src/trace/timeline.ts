import type { Hub } from '../hub.ts'
import { relayCursor } from '../publish/relay.ts'
import { readCursor } from '../store/cursors.ts'
import { erasureOf } from '../store/erasures.ts'
import type { HappeningDocument } from '../store/happenings.ts'

/** One step of a document's way. A state's name is a guarantee (README, States). `index` is the log entry that proves it. */
export interface Step {
  readonly state: 'recorded' | 'timestamped' | 'published' | 'delivered' | 'concluded' | 'erased'
  readonly at?: string
  readonly index?: number
  readonly by?: string
  readonly channel?: string
  readonly result?: string
  readonly url?: string
  readonly reason?: string
  /** Reference of the decision that erased it. */
  readonly decision?: string
}

/** Every step known of a document, in the order of the states, deliveries and results by time. */
export async function timelineOf(hub: Pick<Hub, 'store'>, document: HappeningDocument): Promise<readonly Step[]> {
  const { reader } = hub.store
  const steps: Step[] = [{ state: 'recorded', at: document.at, index: document.index, by: document.account }]
  const stamp = await reader
    .selectFrom('checkpoints')
    .select(['size'])
    .where('size', '>', document.index)
    .where('token', 'is not', null)
    .orderBy('size')
    .limit(1)
    .executeTakeFirst()
  if (stamp) {
    const mark = await reader
      .selectFrom('entries')
      .select(['idx', 'at'])
      .where('idx', '>=', stamp.size)
      .where('kind', '=', 'ts')
      .orderBy('idx')
      .limit(1)
      .executeTakeFirst()
    steps.push({ state: 'timestamped', ...(mark ? { at: mark.at, index: mark.idx } : {}) })
  }
  if ((await readCursor(reader, relayCursor)) > document.index) steps.push({ state: 'published' })
  const deliveries = await reader
    .selectFrom('deliveries')
    .selectAll()
    .where('document', '=', document.id)
    .orderBy('idx')
    .execute()
  for (const row of deliveries)
    steps.push({ state: 'delivered', at: row.at, index: row.idx, by: row.recipient, channel: row.channel })
  const outcomes = await reader
    .selectFrom('outcomes')
    .selectAll()
    .where('document', '=', document.id)
    .orderBy('idx')
    .execute()
  for (const { at, idx, account, result, url, reason } of outcomes) {
    steps.push({
      state: 'concluded',
      at,
      index: idx,
      by: account,
      result,
      ...(url ? { url } : {}),
      ...(reason ? { reason } : {}),
    })
  }
  const erasure = document.erased && (await erasureOf(reader, document.id))
  if (erasure) steps.push({ state: 'erased', at: erasure.at, index: erasure.idx, decision: erasure.decision })
  return steps
}
