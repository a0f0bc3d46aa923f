import { DatabaseError } from 'pg'
import { HubError } from '../errors.ts'

/** In which a sender may find the server back. */
const retryAfterSeconds = 2

/**
 * States in which the server answers, and the statement may well pass a moment later (PostgreSQL, appendix A): classes
 * of connection, resources and operators, a lost race, a lock or a statement given up, a standby that takes no writes.
 */
const passing = /^(?:08|53|57|40|55P03$|25006$)/

/** The server answered with an error of the statement alone: the connection is sound. */
export function isAnswer(error: unknown): boolean {
  return error instanceof DatabaseError && error.severity === 'ERROR'
}

/**
 * What a caller is told: a fault of the moment is 503 with the time to come back, whichever statement met it; the rest
 * (a statement that is wrong, a value that cannot be read) is a bug and stays what it is.
 */
export function toldToCallers(error: unknown): unknown {
  const isWrong = error instanceof DatabaseError && isAnswer(error) && !passing.test(error.code ?? '')
  const isBug = isWrong || error instanceof RangeError || error instanceof TypeError
  return isBug || error instanceof HubError ? error : new HubError('STORE_UNAVAILABLE', { retryAfterSeconds }, error)
}
