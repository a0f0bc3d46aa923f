/** A ledger is not what was recorded: nothing is built on it. */
export class LedgerDamagedError extends Error {
  override readonly name = 'LedgerDamagedError'
}
