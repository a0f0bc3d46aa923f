/**
 * Why nothing of a batch was signed. The codes pass from the writer thread to the batcher, which tells callers with the
 * words of the catalogue.
 */
export const ledgerErrorCodes = { damaged: 'LEDGER_DAMAGED', foreign: 'LOG_FOREIGN', ended: 'SHARD_ENDED' } as const

/** What the store gives back is not what was written or signed. Nothing was signed, nothing of the batch exists. */
export class StoreDamagedError extends Error {
  override readonly name = 'StoreDamagedError'
  readonly code: string = ledgerErrorCodes.damaged
}

/** The store's log is not ours to go on with. */
export class ForeignLogError extends Error {
  override readonly name = 'ForeignLogError'
  readonly code: string = ledgerErrorCodes.foreign
  /** What its last checkpoint says it is. */
  readonly origin: string

  constructor(origin: string, options?: ErrorOptions) {
    super(
      'Le journal de cette base est signé par une autre clé : les réplicas partagent HUB_KEYS_DIR et HUB_LOG_ORIGIN. / The log of this database is signed by another key: replicas share HUB_KEYS_DIR and HUB_LOG_ORIGIN.',
      options,
    )
    this.origin = origin
  }
}

/** Our log was handed over to the next one: this replica has the old name still. */
export class LogEndedError extends Error {
  override readonly name = 'LogEndedError'
  readonly code: string = ledgerErrorCodes.ended

  constructor(origin: string, next: string) {
    super(
      `Le journal ${origin} est clos, il se poursuit sous le nom ${next} : redémarrez ce socle avec HUB_LOG_ORIGIN=${next}. / The log ${origin} has ended and goes on as ${next}: restart this hub with HUB_LOG_ORIGIN=${next}.`,
    )
  }
}
