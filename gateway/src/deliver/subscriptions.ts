import { randomBytes } from 'node:crypto'
import type { Subscription, SubscriptionRequest } from '@socle/schemas'
import { HubError } from '../errors.ts'
import type { Hub } from '../hub.ts'
import type { SubscriptionRow } from '../store/access-rows.ts'
import { readHead } from '../store/ledger-rows.ts'
import { parseSubjects } from './interest.ts'
import { parseWebhookUrl } from './webhook-address.ts'

/**
 * Creates a subscription once the address proved that it wants it: it must answer a signed challenge.
 * @throws HubError WEBHOOK_URL_REFUSED, WEBHOOK_CHALLENGE_FAILED, REQUEST_INVALID
 */
export async function subscribe(hub: Hub, account: string, wish: SubscriptionRequest): Promise<Subscription> {
  const url = parseWebhookUrl(wish.url, hub.config.webhookPrivateAddresses)
  const kinds = [...parseSubjects(wish.kinds ?? [])]
  const secret = `whsec_${randomBytes(32).toString('base64')}`
  await challenge(hub, url.href, secret)
  const row: SubscriptionRow = {
    id: hub.newId(),
    account,
    url: url.href,
    kinds: JSON.stringify(kinds),
    buyers: JSON.stringify(wish.buyers ?? []),
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
  if (answered(attempt.body) !== value)
    throw new HubError('WEBHOOK_CHALLENGE_FAILED', { value: `HTTP ${attempt.status}` })
}

/** An address that merely echoes what it is sent has not understood: the answer is an object of its own. */
function answered(body: string): unknown {
  try {
    const answer: unknown = JSON.parse(body)
    const plain = typeof answer === 'object' && answer !== null && 'challenge' in answer && !('type' in answer)
    return plain ? answer.challenge : undefined
  } catch {
    return undefined
  }
}

export async function listSubscriptions(hub: Pick<Hub, 'store'>, account: string): Promise<readonly Subscription[]> {
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

function viewOf(row: SubscriptionRow): Subscription {
  const { id, account, url, position, failures } = row
  const buyers = JSON.parse(row.buyers) as string[]
  return {
    id,
    account,
    url,
    kinds: [...parseSubjects(JSON.parse(row.kinds) as string[])],
    ...(buyers.length > 0 ? { buyers } : {}),
    status: row.status as Subscription['status'],
    createdAt: row.created_at,
    position,
    failures,
    ...(row.last_error === '' ? {} : { lastError: row.last_error }),
  }
}
