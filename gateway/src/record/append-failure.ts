import { HubError } from '../errors.ts'
import type { Events } from '../events.ts'
import { ledgerErrorCodes } from './ledger-errors.ts'

/**
 * What senders are told when an append failed. Not recorded, or the outcome is unknown: no receipt is given, and the sender's
 * retry with the same key finds out which inside the next transaction.
 */
export function toldToSenders(error: unknown): HubError {
  const details = { retryAfterSeconds: 2 }
  if (codeOf(error) === ledgerErrorCodes.damaged) return new HubError('LEDGER_DAMAGED', details, error)
  if (codeOf(error) === ledgerErrorCodes.ended) return new HubError('SHARD_ENDED', details, error)
  return new HubError('STORE_UNAVAILABLE', details, error)
}

/** What operators are told: the reason itself, under a name that an alarm can wait for. */
export function tellOperators(events: Pick<Events, 'failed'>, error: unknown): void {
  if (codeOf(error) === ledgerErrorCodes.damaged) return events.failed('ledger-damaged', error)
  if (codeOf(error) === ledgerErrorCodes.ended) return events.failed('shard-ended', error)
  events.failed('append', error)
}

/** By the code, not the class: from the writer thread that is all that arrives. */
function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
