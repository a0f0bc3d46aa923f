import { examine, type Examination } from '@socle/mappings'
import type { Kind } from '@socle/schemas'
import { Piscina } from 'piscina'
import { threadUrl } from '../thread-url.ts'
import { HubError } from '../errors.ts'
import type { Clock } from '../ports.ts'
import { createTurns } from './turns.ts'

/** Judges a document's bytes: format, structure, rules, canonical form. The same code runs offline in `socle validate`. */
export interface Examiner {
  examine(bytes: Uint8Array, expect?: Kind): Promise<Examination>
  close(): Promise<void>
}

/** What a thread is asked. */
export interface ExamineTask {
  readonly bytes: Uint8Array
  readonly now: Date
  readonly maxBytes: number
  readonly expect: Kind | undefined
}

/** JSON up to this size is judged on the spot (tens of microseconds); the rest must not hold up other requests. */
const inlineBytes = 16_384

/** Documents that may wait for a thread; each holds its bytes. */
const maxWaiting = 200

/**
 * Large documents and all XML go to a pool of threads; small JSON, which is most of the traffic, does not pay for the
 * journey. A document that would take a thread more than 30 s is refused by the limits of the readers long before.
 */
export function createExaminer(settings: { readonly maxBytes: number }, clock: Clock): Examiner {
  let pool: Piscina | undefined
  const turns = createTurns()
  const threads = (): Piscina =>
    (pool ??= new Piscina({
      filename: threadUrl(import.meta.url, 'examine-thread').href,
      maxThreads: 2,
      execArgv: [],
      idleTimeout: 60_000,
    }))
  return {
    async examine(bytes, expect) {
      const task: ExamineTask = { bytes, now: clock(), maxBytes: settings.maxBytes, expect }
      const inline = bytes.length <= inlineBytes && !looksLikeXml(bytes)
      if (inline) return await turns.run(() => examineTask(task))
      if (threads().queueSize >= maxWaiting) throw new HubError('OVERLOADED', { retryAfterSeconds: 2 })
      return (await threads().run(task)) as Examination
    },
    async close() {
      await pool?.close()
    },
  }
}

export function examineTask({ bytes, now, maxBytes, expect }: ExamineTask): Examination {
  return examine(bytes, { now, maxBytes, ...(expect ? { expect } : {}) })
}

function looksLikeXml(bytes: Uint8Array): boolean {
  return bytes.subarray(0, 512).includes(0x3c)
}
