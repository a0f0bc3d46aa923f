import { clockToleranceMs } from '@socle/schemas'
import { HubError } from '../errors.ts'
import type { Clock, Store } from '../ports.ts'
import { toldToSenders } from './append-failure.ts'
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

/**
 * An entry that says an older time than this when its turn comes is not appended: the process was frozen, or the store
 * away, and another replica may have logged an outside time meanwhile. Verifiers would say for ever that the entry was
 * dated back (schemas/spec/ledger.md); refused, it comes again under its key with the time it has then. The rest of what
 * verifiers allow is for the transaction, which the server ends when its client does not speak.
 */
const maxAgeMs = clockToleranceMs / 3

const free = (): void => undefined

/** What a caller is told of its entry. */
export type Settled = Exclude<Appended, { readonly result: 'late' }>

interface Waiting {
  readonly entry: NewEntry
  readonly weight: number
  readonly resolve: (appended: Settled) => void
  readonly reject: (error: unknown) => void
}

export interface Batcher {
  /** Resolves when the entry is durable. @throws HubError OVERLOADED, STORE_UNAVAILABLE, STOPPING, LEDGER_BEHIND, LEDGER_DAMAGED, SHARD_ENDED */
  append(entry: NewEntry): Promise<Settled>
  readonly waiting: number
  /** Refuses newcomers, resolves when everybody already in has an answer. */
  drain(): Promise<void>
}

/**
 * Group commit: whoever arrives while a commit is under way joins the next one, which starts the moment the current one
 * returns. No linger: a lone document waits for nobody, and a crowd shares one fsync.
 * @param clock the one that entries' times are told by
 * @param requireWhole throws when nothing at all may be appended
 */
export function createBatcher(
  store: Appender,
  limits: BatchLimits,
  clock: Clock,
  requireWhole: () => void = free,
): Batcher {
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
      const batch = timely(takeBatch(), clock())
      if (batch.length === 0) continue
      try {
        answer(batch, await store.append(batch.map((item) => item.entry)))
      } catch (error) {
        const failure = toldToSenders(error)
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
      return await new Promise<Settled>((resolve, reject) => {
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

/** The batch without those whose time is over. */
function timely(batch: readonly Waiting[], now: Date): readonly Waiting[] {
  const isLate = ({ entry }: Waiting): boolean => Date.parse(entry.at) < now.getTime() - maxAgeMs
  for (const item of batch.filter(isLate)) item.reject(late())
  return batch.filter((item) => !isLate(item))
}

function answer(batch: readonly Waiting[], appended: readonly Appended[]): void {
  for (const [i, { resolve, reject }] of batch.entries()) {
    const result = appended[i]
    if (result === undefined) reject(new Error('the store gave fewer results than entries'))
    else if (result.result === 'late') reject(late())
    else resolve(result)
  }
}

/** Nothing was recorded; the same again, with a new time, will be. */
function late(): HubError {
  return new HubError(
    'STORE_UNAVAILABLE',
    { retryAfterSeconds: 1 },
    new Error('its time was over before its turn came'),
  )
}
