import type { Reader } from '../store/database.ts'
import { grantStatements, type Roles } from '../store/grants.ts'
import { migrate, missingMigrations, runAll, userOf } from '../store/migrate.ts'
import { kyselyOverPool } from './postgres-dialect.ts'
import { openPool, requireAnswer } from './postgres-pool.ts'

/** Indexes and copies of a large ledger take their time: a day. */
const ownerTimeoutMs = 86_400_000

/** The schema is older than this hub, and nothing here may change it. */
export class SchemaOutdatedError extends Error {
  override readonly name = 'SchemaOutdatedError'
}

/**
 * Brings the schema up to date where we are given its owner, and gives the hub's role its rights; otherwise looks only.
 * @throws SchemaOutdatedError
 */
export async function prepareSchema(reader: Reader, migrationUrl: string | undefined): Promise<void> {
  if (migrationUrl !== undefined) {
    const hubRole = await userOf(reader)
    return await asOwner(migrationUrl, async (owner) => void (await updateSchema(owner, { hubRole })))
  }
  const missing = await missingMigrations(reader)
  if (missing.length === 0) return
  const names = missing.join(', ')
  throw new SchemaOutdatedError(
    `Le schéma de la base n'est pas à jour (${names}) : lancez « socle migrate » avec HUB_STORE_MIGRATION_URL. / The schema of the database is not up to date (${names}): run "socle migrate" with HUB_STORE_MIGRATION_URL.`,
  )
}

/**
 * Works on one connection of the schema's owner.
 * @throws NotDurableError, StoreUnreachableError
 */
export async function asOwner<T>(url: string, work: (owner: Reader) => Promise<T>): Promise<T> {
  const pool = openPool({ url, max: 1, timeoutMs: ownerTimeoutMs, use: 'write' })
  const owner = kyselyOverPool(pool)
  try {
    await requireAnswer(pool, url)
    return await work(owner)
  } finally {
    await owner.destroy()
  }
}

/**
 * Migrations, then rights. An owner that serves the hub too keeps its own: it has every right on its tables anyway.
 * @returns names of the migrations that were done now, as far as nobody else does them at the same time
 */
export async function updateSchema(owner: Reader, { hubRole, readerRole }: Roles): Promise<readonly string[]> {
  const missing = await missingMigrations(owner)
  await migrate(owner, 'postgres')
  const other = (await userOf(owner)) === hubRole ? undefined : hubRole
  await runAll(owner, grantStatements({ hubRole: other, readerRole }))
  return missing
}
