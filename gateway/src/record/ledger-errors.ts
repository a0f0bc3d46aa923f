/**
 * Why nothing of a batch was signed. The codes pass from the writer thread to the batcher, which tells callers with the
 * words of the catalogue.
 */
export const ledgerErrorCodes = { damaged: 'LEDGER_DAMAGED', foreign: 'LOG_FOREIGN' } as const

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
