import type { Reader } from '../store/database.ts'
import { grantStatements } from '../store/grants.ts'
import { migrate, missingMigrations, runAll, userOf } from '../store/migrate.ts'
import { kyselyOverPool } from './postgres-dialect.ts'
import { openPool, requireAnswer } from './postgres-pool.ts'

/** Indexes of a large ledger take their time. */
const migrationTimeoutMs = 3_600_000

/** The schema is older than this hub, and nothing here may change it. */
export class SchemaOutdatedError extends Error {
  override readonly name = 'SchemaOutdatedError'
}

/**
 * Brings the schema up to date where we are given its owner, and gives the hub's role its rights; otherwise looks only.
 * @throws SchemaOutdatedError
 */
export async function prepareSchema(reader: Reader, migrationUrl: string | undefined): Promise<void> {
  if (migrationUrl !== undefined) return await migrateAs(migrationUrl, await userOf(reader))
  const missing = await missingMigrations(reader)
  if (missing.length === 0) return
  const names = missing.join(', ')
  throw new SchemaOutdatedError(
    `Le schéma de la base n'est pas à jour (${names}) : lancez « socle migrate » avec HUB_STORE_MIGRATION_URL. / The schema of the database is not up to date (${names}): run "socle migrate" with HUB_STORE_MIGRATION_URL.`,
  )
}

/** One connection of the schema's owner. Closed by whoever asked for it, with `destroy`. */
export async function openAsOwner(url: string): Promise<ReturnType<typeof kyselyOverPool>> {
  const pool = openPool({ url, max: 1, timeoutMs: migrationTimeoutMs, use: 'write' })
  const db = kyselyOverPool(pool)
  try {
    await requireAnswer(pool, url)
    return db
  } catch (error) {
    await db.destroy()
    throw error
  }
}

async function migrateAs(url: string, hubRole: string): Promise<void> {
  const owner = await openAsOwner(url)
  try {
    await migrate(owner, 'postgres')
    // An owner has every right on its tables already; to revoke some of its own would be no protection.
    if ((await userOf(owner)) !== hubRole) await runAll(owner, grantStatements({ hubRole }))
  } finally {
    await owner.destroy()
  }
}
