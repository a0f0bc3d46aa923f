import { applied } from './applied-verdict.ts'
import { confidential } from './confidential-verdict.ts'
import { depositsOf } from './deposits.ts'
import type { Evidence } from './evidence.ts'
import { answered, duplicate, lost, phantom, proof, sequence } from './ledger-verdicts.ts'
import { chain, order, readBack } from './topic-verdicts.ts'
import type { Verdict } from './verdict.ts'

export interface Judgement {
  readonly name: string
  readonly seed: number
  readonly entries: number
  /** Attempts of senders, and receipts that they got. */
  readonly attempts: number
  readonly acknowledged: number
  /** Attempts without a clear answer, by why. */
  readonly unclear: Readonly<Record<string, number>>
  /** Topic records that a consumer drops as known. */
  readonly repeated: number
  readonly verdicts: readonly Verdict[]
  readonly holds: boolean
}

/** Every question, always: one fault must not hide another. A question that had nothing to look at is a failure too. */
export function judge(evidence: Evidence): Judgement {
  const { run, history, log, topics } = evidence
  const deposits = depositsOf(evidence)
  const hasTopics = Object.keys(run.topics).length > 0
  const verdicts = [
    answered(deposits),
    lost(evidence, deposits),
    phantom(evidence, deposits),
    duplicate(evidence, deposits),
    sequence(evidence),
    proof(evidence, deposits),
    ...(hasTopics ? [chain(evidence), order(evidence, deposits), readBack(evidence)] : []),
    ...(run.subscribers.length > 0 ? [applied(evidence), confidential(evidence, deposits)] : []),
  ]
  return {
    name: run.name,
    seed: run.seed,
    entries: log.leaves.length,
    attempts: history.filter(({ type }) => type === 'invoke').length,
    acknowledged: [...deposits.values()].filter(({ receipts }) => receipts.length > 0).length,
    unclear: unclearOf(history),
    repeated: topics.length - new Set(topics.map(({ topic, headers }) => `${topic} ${headers['hub-seq']}`)).size,
    verdicts,
    holds: verdicts.every(({ checked, faults }) => checked > 0 && faults === 0),
  }
}

function unclearOf(history: Evidence['history']): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const { type, status, reason } of history) {
    const why = status === undefined ? (reason ?? '?') : `${status}${reason ? ` ${reason}` : ''}`
    if (type === 'info') counts[why] = (counts[why] ?? 0) + 1
  }
  return counts
}
