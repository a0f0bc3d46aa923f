import type { HubEvent } from './hub-event.ts'
import type { Seen } from './seen.ts'

export type Handled = 'handled' | 'repeated' | 'failed' | 'full'

export interface QueueSettings {
  readonly handle: (event: HubEvent) => Promise<void>
  readonly seen: Seen | undefined
  readonly maxWaiting: number
  readonly rememberedIds: number
  readonly failed: (event: HubEvent, error: unknown) => void
}

/** Hands deliveries to the handler one at a time, each once. */
export interface WebhookQueue {
  take(id: string, event: HubEvent): Promise<Handled>
  /** Resolves when nothing is being handled. */
  idle(): Promise<void>
}

/**
 * A delivery whose sender gave up waiting comes again while the first is still being handled: both get the same end.
 * A failure is forgotten, so that the next delivery of the same id is a new try.
 */
export function createWebhookQueue(settings: QueueSettings): WebhookQueue {
  const { seen, maxWaiting, rememberedIds } = settings
  const done = new Set<string>()
  const running = new Map<string, Promise<Handled>>()
  let before: Promise<unknown> = Promise.resolve()

  const handleOne = async (id: string, event: HubEvent): Promise<Handled> => {
    if (seen?.has(event) === true) return 'repeated'
    try {
      await settings.handle(event)
      await seen?.mark(event)
    } catch (error) {
      settings.failed(event, error)
      return 'failed'
    }
    done.add(id)
    if (done.size > rememberedIds) done.delete(done.values().next().value ?? '')
    return 'handled'
  }
  return {
    async take(id, event) {
      if (done.has(id)) return 'repeated'
      const same = running.get(id)
      if (same) return await same
      if (running.size >= maxWaiting) return 'full'
      const mine = before.then(async () => await handleOne(id, event)).finally(() => running.delete(id))
      running.set(id, mine)
      before = mine
      return await mine
    },
    async idle() {
      await before
    },
  }
}
