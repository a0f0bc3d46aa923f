import { HubError } from '../errors.ts'
import type { Store } from '../ports.ts'
import { type Appended, type NewEntry, weightOf } from './entry.ts'

export interface BatchLimits {
  /** Entries and bytes that may wait. Beyond: 503, nothing recorded, the same key may be sent again. */
  readonly maxQueuedEntries: number
  readonly maxQueuedBytes: number
}

/** Entries and bytes a transaction: larger ones hold the lock and the memory too long. */
const maxBatchEntries = 256
const maxBatchBytes = 16 * 1024 * 1024

type Appender = Pick<Store, 'append'>

const free = (): void => undefined

interface Waiting {
  readonly entry: NewEntry
  readonly weight: number
  readonly resolve: (appended: Appended) => void
  readonly reject: (error: unknown) => void
}

export interface Batcher {
  /** Resolves when the entry is durable. @throws HubError OVERLOADED, STORE_UNAVAILABLE, STOPPING, LEDGER_BEHIND */
  append(entry: NewEntry): Promise<Appended>
  readonly waiting: number
  /** Refuses newcomers, resolves when everybody already in has an answer. */
  drain(): Promise<void>
}

/**
 * Group commit: whoever arrives while a commit is under way joins the next one, which starts the moment the current one
 * returns. No linger: a lone document waits for nobody, and a crowd shares one fsync.
 * @param requireWhole throws when nothing at all may be appended
 */
export function createBatcher(store: Appender, limits: BatchLimits, requireWhole: () => void = free): Batcher {
  let queue: Waiting[] = []
  let queuedBytes = 0
  let running: Promise<void> | undefined
  let draining = false

  function takeBatch(): readonly Waiting[] {
    let bytes = 0
    let count = 0
    for (const item of queue) {
      if (count > 0 && (count >= maxBatchEntries || bytes + item.weight > maxBatchBytes)) break
      bytes += item.weight
      count++
    }
    const batch = queue.slice(0, count)
    queue = queue.slice(count)
    queuedBytes -= bytes
    return batch
  }

  async function run(): Promise<void> {
    while (queue.length > 0) {
      const batch = takeBatch()
      try {
        const appended = await store.append(batch.map((item) => item.entry))
        for (const [i, item] of batch.entries()) {
          const result = appended[i]
          if (result) item.resolve(result)
          else item.reject(new Error('the store gave fewer results than entries'))
        }
      } catch (error) {
        // Not recorded, or the outcome is unknown: no receipt is given, and the sender's retry with the same key
        // finds out which inside the next transaction.
        const failure = new HubError('STORE_UNAVAILABLE', { retryAfterSeconds: 2 }, error)
        for (const item of batch) item.reject(failure)
      }
    }
    running = undefined
  }

  return {
    get waiting() {
      return queue.length
    },
    async append(entry) {
      if (draining) throw new HubError('STOPPING', { retryAfterSeconds: 5 })
      requireWhole()
      const weight = weightOf(entry)
      const full = queue.length >= limits.maxQueuedEntries || queuedBytes + weight > limits.maxQueuedBytes
      if (full) throw new HubError('OVERLOADED', { retryAfterSeconds: 1 })
      return await new Promise<Appended>((resolve, reject) => {
        queue.push({ entry, weight, resolve, reject })
        queuedBytes += weight
        // Started in a microtask of its own turn so that requests parsed in the same turn share the commit.
        running ??= new Promise<void>((next) => setImmediate(next)).then(run)
      })
    },
    async drain() {
      draining = true
      await running
    },
  }
}
