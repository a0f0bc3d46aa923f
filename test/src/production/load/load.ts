import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from '../../support/random.ts'
import { aDocument } from './documents.ts'
import type { History } from './history.ts'
import { createReporter } from './reporter.ts'
import { type Attempt, createSender, type Deposit } from './sender.ts'

export interface LoadPlan {
  readonly url: string
  /** Technical accounts that send, with a token each. */
  readonly accounts: readonly { readonly id: string; readonly token: string }[]
  /** The recipient that reports what became of documents. */
  readonly reporter: { readonly id: string; readonly token: string }
  /** Share of the acknowledged documents on which it does. */
  readonly outcomes: number
  readonly history: History
  readonly random: Random
  /** How many deposit at the same time. */
  readonly senders: number
  /** New documents at most; then the senders stop by themselves. */
  readonly most: number
  /** Number of the first one, 0 unless told: several loads of a run must not share keys. */
  readonly first?: number
  readonly consultations: number
  /** Between two deposits of one sender. */
  readonly pauseMs: readonly [low: number, high: number]
}

export interface Load {
  readonly acknowledged: number
  /** Resolves when so many more deposits than now were acknowledged. @throws after `withinMs` */
  readonly more: (count: number, withinMs?: number) => Promise<void>
  /** No new documents; resolves when each key has a clear answer, or after a minute: the checker then says which has not. */
  stop(): Promise<void>
}

/** A key that is still open so long after the end stays open. */
const settleMs = 60_000

/** Senders that go on through every fault: new documents, one time in ten an acknowledged one again, and outcomes. */
export function startLoad(plan: LoadPlan): Load {
  const { random, accounts, history } = plan
  const sender = createSender(plan.url, 'load', plan.senders + 2, history)
  const done: Deposit[] = []
  let number = plan.first ?? 0
  const last = number + plan.most
  let acknowledged = 0
  let until = Number.POSITIVE_INFINITY
  const stopping = (): boolean => until !== Number.POSITIVE_INFINITY

  function next(): Deposit {
    const earlier = random.next() < 0.1 ? random.pick(done) : undefined
    if (earlier) return earlier
    const { id: account, token } = random.pick(accounts) ?? { id: '', token: '' }
    const document = aDocument(random, number, `consultation-${random.between(0, plan.consultations)}`)
    return { account, token, key: `key-${String(number++).padStart(6, '0')}`, document }
  }

  /** Until asked to stop there is no end of patience: a sender does not give a document up. */
  async function persist(deposit: Deposit): Promise<Attempt | undefined> {
    for (;;) {
      const attempt = await sender.settle(deposit, Math.min(until, Date.now() + 1_000))
      if (attempt || Date.now() > until) return attempt
    }
  }

  const report = createReporter(plan, persist)

  async function one(): Promise<void> {
    while (!stopping() && number < last) {
      const deposit = next()
      const attempt = await persist(deposit)
      if (!attempt) return
      acknowledged++
      done.push(deposit)
      await report(attempt, deposit.document.consultation)
      await sleep(random.between(...plan.pauseMs))
    }
  }

  const over = Promise.all(Array.from({ length: plan.senders }, one))
  return {
    get acknowledged() {
      return acknowledged
    },
    async more(count, withinMs = 60_000) {
      const [wanted, end] = [acknowledged + count, Date.now() + withinMs]
      const missing = (): number => wanted - acknowledged
      while (missing() > 0) {
        if (number >= last) throw new Error(`the load is over: ${plan.most} documents were all it was to send`)
        if (Date.now() > end) throw new Error(`${missing()} of ${count} acknowledgements did not come`)
        await sleep(10)
      }
    },
    async stop() {
      until = Date.now() + settleMs
      await over
      await sender.close()
    },
  }
}
