import { anAward } from '../support/award.ts'
import type { Answer } from './sender.ts'

/** What the sender knows of one document: the only truth that the hub is held to. */
export interface Sent {
  readonly key: string
  readonly id: string
  readonly body: Buffer
  /** First acknowledgement, to the byte. */
  receipt: Buffer | undefined
  /** Answers 201: more than one would be two records of one document. */
  created: number
}

export interface History {
  readonly all: readonly Sent[]
  /** Answers that a sender must never get. */
  readonly faults: string[]
  /** A new document with its own key. */
  next(): Sent
  acknowledged(): Sent[]
  unacknowledged(): Sent[]
  /** Takes an answer in, whatever it says. */
  take(sent: Sent, answer: Answer): void
}

export function createHistory(): History {
  const all: Sent[] = []
  const faults: string[] = []
  return {
    all,
    faults,
    next() {
      const id = `2026-${String(all.length).padStart(8, '0')}`
      const body = Buffer.from(anAward({ id }))
      const sent: Sent = { key: `key-${id}`, id, body, receipt: undefined, created: 0 }
      all.push(sent)
      return sent
    },
    acknowledged: () => all.filter((sent) => sent.receipt !== undefined),
    unacknowledged: () => all.filter((sent) => sent.receipt === undefined),
    take(sent, { status, body }) {
      if (status !== 200 && status !== 201) {
        faults.push(`${sent.key}: answered ${status} ${body.toString('utf8')}`)
        return
      }
      if (status === 201 && ++sent.created > 1) faults.push(`${sent.key}: recorded twice`)
      if (sent.receipt === undefined) sent.receipt = body
      else if (!sent.receipt.equals(body)) faults.push(`${sent.key}: another receipt than the first`)
    },
  }
}
