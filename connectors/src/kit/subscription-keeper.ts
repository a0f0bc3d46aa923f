import { isObject } from './answers.ts'
import type { Subject, Tell } from './connector.ts'
import { readIfThere, writeDurably } from './durable-file.ts'
import type { HubClient, SubscriptionView } from './hub-client.ts'
import { HubClientError } from './hub-client-error.ts'
import type { WebhookReceiver } from './webhook-receiver.ts'

export interface KeepSubscriptionOptions {
  /** Where id, address and secret are kept: the hub shows the secret once. */
  readonly file: string
  readonly kinds: readonly Subject[]
  readonly tell?: Tell
}

interface Kept {
  readonly id: string
  readonly url: string
  readonly kinds: readonly string[]
  readonly secret: string
}

/**
 * Makes sure that the hub delivers to the receiver, and gives it its secret: the kept subscription where it still stands
 * (started again when it was paused), else a new one. Subscriptions of this account to the same address whose secret is
 * lost, by a crash between the hub's answer and the disk, are ended.
 * A new subscription brings what comes from now on: read the feed once, before, for what came earlier.
 * @throws HubClientError
 */
export async function keepSubscription(
  client: Pick<HubClient, 'subscribe' | 'subscriptions' | 'resume' | 'unsubscribe'>,
  receiver: Pick<WebhookReceiver, 'url' | 'expectChallenge' | 'useSecret'>,
  { file, kinds, tell }: KeepSubscriptionOptions,
): Promise<'kept' | 'new'> {
  const kept = await readKept(file)
  const existing = await client.subscriptions()
  const standing = kept && existing.find((one) => one.id === kept.id && isStillWanted(one, receiver.url, kinds))
  for (const one of existing)
    if (one.id !== standing?.id && (one.url === receiver.url || one.id === kept?.id)) await client.unsubscribe(one.id)
  if (kept && standing) {
    receiver.useSecret(kept.secret)
    if (standing.status !== 'active') await client.resume(standing.id)
    tell?.('subscription-kept', { id: standing.id, status: standing.status })
    return 'kept'
  }
  receiver.expectChallenge(true)
  try {
    const { id, secret } = await client.subscribe({ url: receiver.url, kinds: [...kinds] })
    if (secret === undefined) throw new HubClientError('ANSWER_INVALID', { reason: 'a subscription without secret' })
    const next: Kept = { id, url: receiver.url, kinds, secret }
    await writeDurably(file, `${JSON.stringify(next)}\n`)
    receiver.useSecret(secret)
    tell?.('subscribed', { id })
    return 'new'
  } finally {
    receiver.expectChallenge(false)
  }
}

function isStillWanted(one: SubscriptionView, url: string, kinds: readonly Subject[]): boolean {
  const same = one.kinds.length === kinds.length && kinds.every((kind) => one.kinds.includes(kind))
  return one.url === url && same
}

async function readKept(file: string): Promise<Kept | undefined> {
  const bytes = await readIfThere(file)
  if (!bytes) return undefined
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'))
    if (isObject(value) && typeof value['id'] === 'string' && typeof value['secret'] === 'string')
      return value as unknown as Kept
  } catch (error) {
    throw new HubClientError('FILE_UNREADABLE', { reason: file }, error)
  }
  throw new HubClientError('FILE_UNREADABLE', { reason: file })
}
