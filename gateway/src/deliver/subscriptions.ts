import { randomBytes } from 'node:crypto'
import { HubError } from '../errors.ts'
import type { Hub } from '../hub.ts'
import type { SubscriptionRow } from '../store/database.ts'
import { readHead } from '../store/ledger-rows.ts'
import { parseSubjects } from './interest.ts'
import { parseWebhookUrl } from './webhook-address.ts'

/** A subscription as its owner sees it; `secret` only in the answer that creates it. */
export interface SubscriptionView {
  readonly id: string
  readonly url: string
  readonly kinds: readonly string[]
  readonly status: string
  readonly createdAt: string
  /** Index of the next log entry to look at. */
  readonly position: number
  readonly failures: number
  readonly lastError?: string
  readonly secret?: string
}

export interface SubscriptionRequest {
  readonly url: string
  readonly kinds?: readonly string[]
  /** `start` brings everything recorded so far, `now` (default) what comes from now on. */
  readonly from?: 'start' | 'now'
}

/**
 * Creates a subscription once the address proved that it wants it: it must answer a signed challenge.
 * @throws HubError WEBHOOK_URL_REFUSED, WEBHOOK_CHALLENGE_FAILED, REQUEST_INVALID
 */
export async function subscribe(hub: Hub, account: string, wish: SubscriptionRequest): Promise<SubscriptionView> {
  const url = parseWebhookUrl(wish.url, hub.config.webhookPrivateAddresses)
  const kinds = [...parseSubjects(wish.kinds ?? [])]
  const secret = `whsec_${randomBytes(32).toString('base64')}`
  await challenge(hub, url.href, secret)
  const row: SubscriptionRow = {
    id: hub.newId(),
    account,
    url: url.href,
    kinds: JSON.stringify(kinds),
    secret,
    status: 'active',
    position: wish.from === 'start' ? 0 : ((await readHead(hub.store.reader))?.size ?? 0),
    failures: 0,
    next_attempt_at: '',
    last_error: '',
    created_at: hub.clock().toISOString(),
  }
  await hub.store.writer.insertInto('subscriptions').values(row).execute()
  hub.recorded.notify()
  return { ...viewOf(row), secret }
}

async function challenge(hub: Hub, url: string, secret: string): Promise<void> {
  const value = randomBytes(24).toString('base64url')
  const body = JSON.stringify({ type: 'fr.tncp.subscription.challenge.v1', challenge: value })
  const attempt = await hub.webhooks.send({ url, secret }, { id: hub.newId(), at: hub.clock(), body })
  if (!attempt.ok) throw new HubError('WEBHOOK_CHALLENGE_FAILED', { value: attempt.reason })
  if (!attempt.body.includes(value)) throw new HubError('WEBHOOK_CHALLENGE_FAILED', { value: `HTTP ${attempt.status}` })
}

export async function listSubscriptions(
  hub: Pick<Hub, 'store'>,
  account: string,
): Promise<readonly SubscriptionView[]> {
  const rows = await hub.store.reader
    .selectFrom('subscriptions')
    .selectAll()
    .where('account', '=', account)
    .orderBy('created_at')
    .limit(1_000)
    .execute()
  return rows.map(viewOf)
}

/** Starts a paused or disabled subscription again where it stood. @throws HubError SUBSCRIPTION_NOT_FOUND */
export async function resumeSubscription(hub: Hub, account: string, id: string): Promise<void> {
  await mustOwn(hub, account, id)
  await hub.store.writer
    .updateTable('subscriptions')
    .set({ status: 'active', failures: 0, next_attempt_at: '', last_error: '' })
    .where('id', '=', id)
    .execute()
  hub.recorded.notify()
}

/** @throws HubError SUBSCRIPTION_NOT_FOUND */
export async function unsubscribe(hub: Hub, account: string, id: string): Promise<void> {
  await mustOwn(hub, account, id)
  await hub.store.writer.deleteFrom('subscriptions').where('id', '=', id).execute()
}

async function mustOwn(hub: Hub, account: string, id: string): Promise<void> {
  const row = await hub.store.reader
    .selectFrom('subscriptions')
    .select('account')
    .where('id', '=', id)
    .executeTakeFirst()
  if (row?.account !== account) throw new HubError('SUBSCRIPTION_NOT_FOUND')
}

function viewOf(row: SubscriptionRow): SubscriptionView {
  const { id, url, status, position, failures } = row
  const kinds = JSON.parse(row.kinds) as string[]
  return {
    id,
    url,
    kinds,
    status,
    createdAt: row.created_at,
    position,
    failures,
    ...(row.last_error === '' ? {} : { lastError: row.last_error }),
  }
}
