import { DatabaseSync } from '@photostructure/sqlite'

/** Another hub serves from the same data directory. */
export class AlreadyServingError extends Error {
  override readonly name = 'AlreadyServingError'
}

/**
 * Takes the place of the one hub that serves from a data directory: two would each deliver everything. The lock is the
 * operating system's, on a file of its own, so it ends with the process however that ends.
 * @returns gives the place back
 * @throws AlreadyServingError
 */
export function claimDirectory(file: string): () => void {
  const lock = new DatabaseSync(file, { timeout: 0 })
  try {
    lock.exec('pragma locking_mode = exclusive')
    lock.exec('begin exclusive')
  } catch (error) {
    lock.close()
    throw new AlreadyServingError(
      `Un autre hub sert déjà depuis ce répertoire ; arrêtez-le ou changez HUB_DATA. / Another hub already serves from this directory; stop it or change HUB_DATA. (${file})`,
      { cause: error },
    )
  }
  return () => lock.close()
}
