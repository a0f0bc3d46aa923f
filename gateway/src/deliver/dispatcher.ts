import type { Hub } from '../hub.ts'
import { parseAccountId } from '../ids.ts'
import { eventOf } from '../publish/cloud-event.ts'
import type { SubscriptionRow } from '../store/database.ts'
import { type Happening, readHappenings } from '../store/happenings.ts'
import { readHead } from '../store/ledger-rows.ts'
import { recordDelivery } from './delivery.ts'
import { concerns, type Interest, parseSubjects } from './interest.ts'
import { nextAttempt } from './retry.ts'

/** How often the list of subscriptions is read again; also the longest a due retry waits. */
const refreshMs = 250

/** Entries looked at in one read. */
const scanned = 2_000

/**
 * Pushes to every active subscription. Each has one runner and one position in the log: events go out one at a time, in
 * log order, so order per consultation holds by construction and a slow receiver delays nobody else.
 */
export async function deliverWebhooks(hub: Hub, signal: AbortSignal): Promise<void> {
  const running = new Map<string, Promise<void>>()
  let seenSize = -1
  while (!signal.aborted) {
    try {
      const now = hub.clock().toISOString()
      const active = await hub.store.reader
        .selectFrom('subscriptions')
        .selectAll()
        .where('status', '=', 'active')
        .where('next_attempt_at', '<=', now)
        .execute()
      const size = (await readHead(hub.store.reader))?.size ?? 0
      const due = active.filter(
        (row) => !running.has(row.id) && row.position < size && (size !== seenSize || row.failures > 0),
      )
      for (const row of due)
        running.set(
          row.id,
          pump(hub, row, signal).finally(() => running.delete(row.id)),
        )
      seenSize = running.size === 0 ? size : -1
    } catch (error) {
      hub.events.failed('webhooks', error)
    }
    await hub.pause(refreshMs, signal)
  }
  await Promise.allSettled(running.values())
}

/** Sends everything due to one subscription, then returns; stops at the first failure, which sets the next attempt. */
async function pump(hub: Hub, row: SubscriptionRow, signal: AbortSignal): Promise<void> {
  try {
    let position = row.position
    let size = (await readHead(hub.store.reader))?.size ?? 0
    while (position < size && !signal.aborted) {
      const end = Math.min(size, position + scanned)
      const interest = await interestOf(hub, row)
      for (const happening of await readHappenings(hub.store.reader, position, end, scanned)) {
        if (signal.aborted) return
        if (concerns(interest, happening) && !(await push(hub, row, happening))) return
      }
      position = end
      size = (await readHead(hub.store.reader))?.size ?? 0
    }
    // Nothing left: remembers how far it looked. Losing this only means looking again.
    if (position - row.position > scanned)
      await hub.store.writer
        .updateTable('subscriptions')
        .set({ position })
        .where('id', '=', row.id)
        .where('position', '<', position)
        .execute()
  } catch (error) {
    hub.events.failed('webhook', error)
  }
}

/** Rights are those of now, not of the day of the subscription. A disabled account receives nothing. */
async function interestOf(hub: Hub, row: SubscriptionRow): Promise<Interest> {
  const account = await hub.accounts.find(row.account)
  if (!account) return { account: row.account, buyers: new Set(), subjects: new Set() }
  const buyers = await hub.accounts.buyersOf(parseAccountId(row.account), hub.clock())
  return { account: row.account, buyers, subjects: parseSubjects(JSON.parse(row.kinds) as string[]) }
}

/** One attempt. True when delivered and logged; the position moves with the log entry, in one transaction. */
async function push(hub: Hub, row: SubscriptionRow, happening: Happening): Promise<boolean> {
  const event = await eventOf(hub, happening)
  const attempt = await hub.webhooks.send(row, { id: event.id, at: hub.clock(), body: JSON.stringify(event) })
  const position = happening.index + 1
  if (attempt.ok) {
    const documents = happening.what === 'document' ? [happening.id] : []
    const moves = { write: 'subscription-position' as const, id: row.id, position }
    await recordDelivery(hub, {
      recipient: row.account,
      channel: 'webhook',
      documents,
      subscription: row.id,
      status: attempt.status,
      moves,
    })
    row.failures = 0
    return true
  }
  const failures = row.failures + 1
  const next = nextAttempt(failures, attempt, Math.random())
  hub.events.attemptFailed({ subscription: row.id, status: attempt.status, reason: attempt.reason, failures })
  const dueAt = next.do === 'retry' ? new Date(hub.clock().getTime() + next.afterMs).toISOString() : ''
  const status = next.do === 'retry' ? 'active' : next.status
  await hub.store.writer
    .updateTable('subscriptions')
    .set({
      failures,
      status,
      next_attempt_at: dueAt,
      last_error: attempt.reason.slice(0, 500),
      position: happening.index,
    })
    .where('id', '=', row.id)
    .execute()
  return false
}
