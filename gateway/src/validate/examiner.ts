import { examine, type Examination } from '@socle/mappings'
import type { Kind } from '@socle/schemas'
import { Piscina } from 'piscina'
import { packsOfThread } from '../packs/of-thread.ts'
import { threadUrl } from '../thread-url.ts'
import { HubError } from '../errors.ts'
import type { Clock } from '../ports.ts'
import { createTurns } from './turns.ts'

/** Judges a document's bytes: format, structure, rules, canonical form. The same code runs offline in `socle validate`. */
export interface Examiner {
  /**
   * All findings. Rejects with FORMAT_UNJUDGEABLE when the official rules of the format are not installed: a document is
   * never judged by half.
   */
  examine(bytes: Uint8Array, expect?: Kind): Promise<Examination>
  /** The canonical form of what was accepted before: official rules are not asked again, they may have changed since. */
  derive(bytes: Uint8Array, expect?: Kind): Promise<Examination>
  /** True for what is judged on the spot, in less time than the journey to a thread would take. */
  isQuick(bytes: Uint8Array): boolean
  close(): Promise<void>
}

/** What a thread is asked. */
export interface ExamineTask {
  readonly bytes: Uint8Array
  readonly now: Date
  readonly maxBytes: number
  readonly expect: Kind | undefined
  /** Folder of the official schemas and rules; undefined when they are not asked. */
  readonly packs: string | undefined
}

/** JSON up to this size is judged on the spot (tens of microseconds); the rest must not hold up other requests. */
const inlineBytes = 16_384

/**
 * Documents whose canonical form is asked for and that may wait for a thread. Deposits do not count here: they wait
 * before they come in, by account in turn (`receive/admission.ts`).
 */
const maxWaiting = 200

/**
 * Large documents and all XML go to a pool of threads; small JSON, which is most of the traffic, does not pay for the
 * journey. A document that would take a thread more than 30 s is refused by the limits of the readers long before.
 */
export function createExaminer(
  settings: ExaminerSettings,
  clock: Clock,
  onTrouble: (error: unknown) => void,
): Examiner {
  let pool: Piscina | undefined
  const turns = createTurns()
  const threads = (): Piscina => (pool ??= openPool(onTrouble))

  async function run(task: ExamineTask): Promise<Examination> {
    if (isQuick(task.bytes)) return await turns.run(() => examineTask(task))
    return (await threads().run(task)) as Examination
  }

  return {
    async examine(bytes, expect) {
      const { maxBodyBytes: maxBytes, packsDirectory: packs } = settings
      const examination = await run({ bytes, now: clock(), maxBytes, expect, packs })
      const [first, ...others] = examination.findings.filter(({ severity }) => severity === 'reject')
      // Refused for another reason too, it is refused: that needs no official rule, and the sender learns why.
      if (first?.rule === 'FORMAT-NO-PACK' && others.length === 0) {
        throw new HubError('FORMAT_UNJUDGEABLE', { value: first.value ?? '', retryAfterSeconds: 3_600 })
      }
      return examination
    },
    async derive(bytes, expect) {
      if (!isQuick(bytes) && threads().queueSize >= maxWaiting)
        throw new HubError('OVERLOADED', { retryAfterSeconds: 2 })
      return await run({ bytes, now: clock(), maxBytes: settings.maxBodyBytes, expect, packs: undefined })
    },
    isQuick,
    async close() {
      await pool?.close()
    },
  }
}

function openPool(onTrouble: (error: unknown) => void): Piscina {
  const pool = new Piscina({
    filename: threadUrl(import.meta.url, 'examine-thread').href,
    maxThreads: 2,
    execArgv: [],
    // Compiled schemas and rules live in the thread: it is kept.
    idleTimeout: Number.POSITIVE_INFINITY,
  })
  // A thread that cannot start (no descriptor is left) is replaced, and what waits waits on. Unheard, it would end the hub.
  pool.on('error', onTrouble)
  return pool
}

export interface ExaminerSettings {
  /** The largest body that is taken in. */
  readonly maxBodyBytes: number
  readonly packsDirectory: string
}

export function examineTask({ bytes, now, maxBytes, expect, packs }: ExamineTask): Examination {
  const official = packs === undefined ? 'none' : packsOfThread(packs)
  return examine(bytes, { now, maxBytes, packs: official, ...(expect ? { expect } : {}) })
}

function isQuick(bytes: Uint8Array): boolean {
  return bytes.length <= inlineBytes && !looksLikeXml(bytes)
}

function looksLikeXml(bytes: Uint8Array): boolean {
  return bytes.subarray(0, 512).includes(0x3c)
}
