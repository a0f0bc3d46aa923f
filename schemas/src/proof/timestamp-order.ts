import { ProofError } from './proof-error.ts'
import type { Timestamp } from './timestamp-verify.ts'

/** What a token says of time. */
export type OutsideTime = Pick<Timestamp, 'time' | 'accuracyMs'>

/** What was asked, and what this side knows: an authority's answer must go with it. */
export interface Asked {
  /** Hexadecimal, as the request had it. */
  readonly nonce: string
  /** Object identifiers of the policies whose promises were read. */
  readonly policies: readonly string[]
  /** Our own clock before the question and after the answer. */
  readonly from: Date
  readonly to: Date
  /** How far outside of that the authority's clock may be. */
  readonly windowMs: number
}

/** @throws ProofError when a verified token is no answer to what was asked */
export function checkAnswer(stamp: Timestamp, { nonce, policies, from, to, windowMs }: Asked): void {
  if (stamp.nonce === undefined) throw new ProofError('the timestamp has no nonce')
  if (stamp.nonce !== nonce) throw new ProofError('the timestamp has the nonce of another request')
  if (!policies.includes(stamp.policy)) throw new ProofError(`the policy ${stamp.policy} is not accepted`)
  const ahead = driftOf(stamp, from, to)
  if (Math.abs(ahead) > windowMs)
    throw new ProofError(
      `the authority's clock is ${Math.abs(ahead)} ms ${ahead > 0 ? 'ahead of' : 'behind'} ours: more than ${windowMs}`,
    )
}

/** Milliseconds the outside clock is certainly ahead of ours (behind: negative), whose readings stand around the answer. */
export function driftOf({ time, accuracyMs }: OutsideTime, from: Date, to: Date): number {
  const earliest = time.getTime() - accuracyMs
  const latest = time.getTime() + accuracyMs
  if (earliest > to.getTime()) return earliest - to.getTime()
  return latest < from.getTime() ? latest - from.getTime() : 0
}

/** Time does not go back, whichever authority tells it. @throws ProofError */
export function checkOrder(earlier: OutsideTime, later: OutsideTime): void {
  if (later.time.getTime() + later.accuracyMs >= earlier.time.getTime() - earlier.accuracyMs) return
  throw new ProofError(
    `the timestamp states ${later.time.toISOString()}, before the one logged last, ${earlier.time.toISOString()}`,
  )
}
