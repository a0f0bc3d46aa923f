import { createHash } from 'node:crypto'
import type { Hub } from '../hub.ts'
import type { Lease } from '../lease.ts'
import { eventOf } from '../publish/cloud-event.ts'
import type { SubscriptionRow } from '../store/access-rows.ts'
import { type Happening, readHappenings } from '../store/happenings.ts'
import { readHead } from '../store/ledger-rows.ts'
import { recordDelivery } from './delivery.ts'
import { concerns, type Interest, parseSubjects } from './interest.ts'
import { mandatedBuyers } from './mandated.ts'
import { nextAttempt } from './retry.ts'

/** The list of subscriptions is read again when something was recorded, but not more often than `roundMs`. */
const roundMs = 25
const refreshMs = 250
/** Other replicas append too, and nobody tells this one: it looks. */
const sharedMs = 50

/** Entries looked at in one read. */
const scanned = 2_000

/**
 * Pushes to every active subscription. Each has one runner and one position in the log: events go out one at a time, in
 * log order, so order per consultation holds by construction and a slow receiver delays nobody else.
 */
export async function deliverWebhooks(hub: Hub, lease: Lease, signal: AbortSignal): Promise<void> {
  const ended = (): boolean => signal.aborted || !lease.held()
  const running = new Map<string, Promise<void>>()
  /** How far each subscription was looked through; memory only, so losing it means looking again. */
  const looked = new Map<string, number>()
  while (!ended()) {
    try {
      const size = (await readHead(hub.store.reader))?.size ?? 0
      for (const row of await dueSubscriptions(hub)) {
        const from = Math.max(row.position, looked.get(row.id) ?? 0)
        if (running.has(row.id) || (from >= size && row.failures === 0)) continue
        const work = pump(hub, row, row.failures > 0 ? row.position : from, ended)
        running.set(
          row.id,
          work.then((reached) => void looked.set(row.id, reached)).finally(() => running.delete(row.id)),
        )
      }
    } catch (error) {
      hub.events.failed('webhooks', error)
    }
    await hub.pause(roundMs, signal)
    await hub.recorded.wait(hub.store.dialect === 'postgres' ? sharedMs : refreshMs, signal)
  }
  await Promise.allSettled(running.values())
}

async function dueSubscriptions(hub: Hub): Promise<readonly SubscriptionRow[]> {
  const now = hub.clock().toISOString()
  const active = hub.store.reader.selectFrom('subscriptions').selectAll().where('status', '=', 'active')
  return await active.where('next_attempt_at', '<=', now).execute()
}

/**
 * Sends everything due to one subscription, then returns; stops at the first failure, which sets the next attempt.
 * Gives the position up to which nothing is left to send.
 */
async function pump(hub: Hub, row: SubscriptionRow, from: number, ended: () => boolean): Promise<number> {
  let position = from
  try {
    let size = (await readHead(hub.store.reader))?.size ?? 0
    while (position < size && !ended()) {
      const end = Math.min(size, position + scanned)
      const happenings = await readHappenings(hub.store.reader, position, end, scanned)
      const interest = await interestOf(hub, row, happenings, { size, at: hub.clock() })
      for (const happening of happenings) {
        if (ended() || (concerns(interest, happening) && !(await offer(hub, row, happening)))) return position
        position = happening.index + 1
      }
      position = end
      size = (await readHead(hub.store.reader))?.size ?? 0
    }
    if (position - row.position > scanned) await savePosition(hub, row.id, position)
  } catch (error) {
    hub.events.failed('webhook', error)
  }
  return position
}

/** Past thousands of entries that concern somebody else: a new start need not look through them again. */
async function savePosition(hub: Hub, id: string, position: number): Promise<void> {
  const ahead = hub.store.writer.updateTable('subscriptions').set({ position }).where('id', '=', id)
  await ahead.where('position', '<', position).execute()
}

/** Rights are those of now, not of the day of the subscription. A disabled account receives nothing. */
async function interestOf(
  hub: Hub,
  row: SubscriptionRow,
  happenings: readonly Happening[],
  standing: { readonly size: number; readonly at: Date },
): Promise<Interest> {
  const account = await hub.accounts.find(row.account)
  if (!account) return { account: row.account, buyers: new Set(), subjects: new Set() }
  const buyers = await mandatedBuyers(hub, account.id, happenings, standing)
  const only = new Set(JSON.parse(row.buyers) as string[])
  return { account: row.account, buyers, subjects: parseSubjects(JSON.parse(row.kinds) as string[]), only }
}

/**
 * Sends what is still wanted and allowed: between the reading of a block and its last event a slow receiver can put
 * hours, in which a subscription is deleted or a mandate ends. False when the runner must stop here.
 */
async function offer(hub: Hub, row: SubscriptionRow, happening: Happening): Promise<boolean> {
  const current = hub.store.reader.selectFrom('subscriptions').select('status').where('id', '=', row.id)
  if ((await current.executeTakeFirst())?.status !== 'active') return false
  const latest = { size: Number.MAX_SAFE_INTEGER, at: hub.clock() }
  const allowed = concerns(await interestOf(hub, row, [happening], latest), happening)
  return !allowed || (await push(hub, row, happening))
}

/** One attempt. True when delivered and logged; the position moves with the log entry, in one transaction. */
async function push(hub: Hub, row: SubscriptionRow, happening: Happening): Promise<boolean> {
  const event = await eventOf(hub, happening)
  const attempt = await hub.webhooks.send(row, { id: event.id, at: hub.clock(), body: JSON.stringify(event) })
  const position = happening.index + 1
  if (attempt.ok) {
    const documents = happening.what === 'document' ? [happening.id] : []
    const moves = { write: 'subscription-position' as const, id: row.id, position }
    // A replica that lost its lease meanwhile, or died after this, sends the same id again: one entry all the same.
    const sha256 = createHash('sha256').update(event.id).digest('hex')
    const once = { account: row.account, key: `webhook ${row.id} ${event.id}`, sha256 }
    const logged = await recordDelivery(hub, {
      recipient: row.account,
      channel: 'webhook',
      documents,
      subscription: row.id,
      status: attempt.status,
      moves,
      once,
    })
    if (logged === 'known') await savePosition(hub, row.id, position)
    row.failures = 0
    return true
  }
  const failures = row.failures + 1
  const next = nextAttempt(failures, attempt, (hub.randomBytes(1)[0] ?? 0) / 255)
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
    .where('position', '<=', happening.index)
    .execute()
  return false
}
