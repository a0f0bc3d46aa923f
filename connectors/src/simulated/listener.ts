import { join } from 'node:path'
import type { Subject, Tell } from '../kit/connector.ts'
import { openCursorFile } from '../kit/cursor-file.ts'
import { readFeed } from '../kit/feed-reader.ts'
import type { HubClient } from '../kit/hub-client.ts'
import type { HubEvent } from '../kit/hub-event.ts'
import { openSeen } from '../kit/seen.ts'
import { keepSubscription } from '../kit/subscription-keeper.ts'
import { createWebhookReceiver } from '../kit/webhook-receiver.ts'

export interface ListenerSettings {
  readonly directory: string
  readonly client: HubClient
  /** `webhook` is pushed to, after one reading of the feed for what came before; `feed` pulls. */
  readonly by: 'webhook' | 'feed'
  /** Port of the webhook receiver; 0 takes a free one, and then a new subscription at each start. */
  readonly port: number
  readonly kinds: readonly Subject[]
  readonly handle: (event: HubEvent) => Promise<void>
  readonly signal: AbortSignal
  readonly tell: Tell
}

/** Brings every event to the handler, by push or by pull, until the signal. Resolves once it listens. */
export async function listen(settings: ListenerSettings): Promise<{ readonly done: Promise<void> }> {
  const { directory, client, kinds, handle, signal, tell } = settings
  const seen = await openSeen(join(directory, 'seen.json'))
  const cursorFile = await openCursorFile(join(directory, 'feed.cursor'))
  const feed = { cursorFile, kinds, handle, signal, seen, tell }
  if (settings.by === 'feed') return { done: readFeed(client, feed) }

  // Pushes that come during the catch-up wait for its end: one event at a time, in the order of the log.
  let caughtUp: Promise<void> | undefined
  const receiver = await createWebhookReceiver({
    port: settings.port,
    tell,
    seen,
    async handle(event) {
      await caughtUp
      if (!seen.has(event)) await handle(event)
    },
  })
  try {
    let open = (): void => undefined
    caughtUp = new Promise((resolve) => (open = resolve))
    await keepSubscription(client, receiver, { file: join(directory, 'subscription.json'), kinds, tell })
    // After the subscription: what is recorded in between comes by both ways, and is seen the second time.
    await readFeed(client, { ...feed, until: 'catch-up' })
    open()
  } catch (error) {
    await receiver[Symbol.asyncDispose]()
    throw error
  }
  return { done: aborted(signal).then(async () => await receiver[Symbol.asyncDispose]()) }
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}
