import { createRequire } from 'node:module'

interface RequestQueue {
  pending: readonly unknown[]
  scheduleCheckPendingRequests(): void
}

/**
 * kafkajs 2.2.4 never lets a connection rest: a timer for "when the throttling ends" is set although there is none, fires
 * at once, finds nothing and sets the next one, a thousand a second and connection. Here a queue in which nothing waits
 * sets no timer; what is queued later asks for its own check. For the whole process, once (the hub's own remedy has the
 * same name, so that in one process the second leaves the first); a kafkajs that is built otherwise is left as it is.
 */
export function calmRequestQueues(): void {
  const loaded: unknown = createRequire(import.meta.url)('kafkajs/src/network/requestQueue')
  const queues = (loaded as { readonly prototype?: Partial<RequestQueue> }).prototype
  const schedule = queues?.scheduleCheckPendingRequests
  if (!queues || !schedule || schedule.name === calmly) return
  queues.scheduleCheckPendingRequests = {
    [calmly](this: RequestQueue): void {
      if (this.pending.length > 0) schedule.call(this)
    },
  }[calmly]
}

const calmly = 'scheduleOnlyWhatWaits'
