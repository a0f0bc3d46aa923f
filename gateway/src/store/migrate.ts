import { type Kysely, sql } from 'kysely'
import type { Database, Dialect, Reader, Writer } from './database.ts'
import { ledgerTables } from './migrations/0001-ledger.ts'
import { leaseTables } from './migrations/0002-leases.ts'
import { appendOnlyTraps } from './migrations/0003-append-only.ts'
import { accessTables } from './migrations/0004-access.ts'
import { timeTables } from './migrations/0005-time.ts'
import { lossTables } from './migrations/0006-losses.ts'
import { erasureTables } from './migrations/0007-erasure.ts'
import { sealTokenTables } from './migrations/0008-seal-tokens.ts'
import { cosignatureTables } from './migrations/0009-cosignatures.ts'
import { shardTables } from './migrations/0010-shards.ts'
import { evidenceRecordTables } from './migrations/0011-evidence-records.ts'
import { keyEntryIndex } from './migrations/0012-key-entries.ts'
import { erasureIndexes } from './migrations/0013-erasure-by-number.ts'

const migrations: readonly { readonly name: string; readonly statements: (dialect: Dialect) => readonly string[] }[] = [
  { name: '0001-ledger', statements: ledgerTables },
  { name: '0002-leases', statements: leaseTables },
  { name: '0003-append-only', statements: appendOnlyTraps },
  { name: '0004-access', statements: accessTables },
  { name: '0005-time', statements: timeTables },
  { name: '0006-losses', statements: lossTables },
  { name: '0007-erasure', statements: erasureTables },
  { name: '0008-seal-tokens', statements: sealTokenTables },
  { name: '0009-cosignatures', statements: cosignatureTables },
  { name: '0010-shards', statements: shardTables },
  { name: '0011-evidence-records', statements: evidenceRecordTables },
  { name: '0012-key-entries', statements: keyEntryIndex },
  { name: '0013-erasure-by-number', statements: erasureIndexes },
]

/**
 * Brings the schema up to date, each migration in its own transaction. Forward only.
 * Two starts at once are harmless: the second waits for the first one's lock, then finds nothing left to do.
 * A crash in the middle leaves the schema as it was before that migration.
 */
export async function migrate(db: Kysely<Database>, dialect: Dialect): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await lockSchema(tx, dialect)
    await sql`create table if not exists migrations (name text primary key)`.execute(tx)
  })
  for (const migration of migrations) {
    await db.transaction().execute(async (tx) => {
      await lockSchema(tx, dialect)
      const done = await sql`select name from migrations where name = ${migration.name}`.execute(tx)
      if (done.rows.length > 0) return
      for (const statement of migration.statements(dialect)) await sql.raw(statement).execute(tx)
      await sql`insert into migrations (name) values (${migration.name})`.execute(tx)
    })
  }
}

/** Names of the migrations that a PostgreSQL database lacks, in order. More than ours is no fault: replicas are renewed one by one. */
export async function missingMigrations(db: Reader): Promise<readonly string[]> {
  const { rows } = await sql<{ there: boolean }>`select to_regclass('migrations') is not null as there`.execute(db)
  const done = rows[0]?.there
    ? (await sql<{ name: string }>`select name from migrations`.execute(db)).rows.map(({ name }) => name)
    : []
  return migrations.map(({ name }) => name).filter((name) => !done.includes(name))
}

/** The role that a PostgreSQL connection acts as. */
export async function userOf(db: Reader): Promise<string> {
  const { rows } = await sql<{ name: string }>`select current_user::text as name`.execute(db)
  return rows[0]?.name ?? ''
}

/** Any number for the lock of whoever changes the schema, the same in every version. */
const schemaLock = 7_625_310

/** SQLite's transactions hold its write lock from their start. */
async function lockSchema(tx: Writer, dialect: Dialect): Promise<void> {
  if (dialect === 'postgres') await sql`select pg_advisory_xact_lock(${sql.lit(schemaLock)})`.execute(tx)
}

/** All of the statements or none, one starter after the other: PostgreSQL refuses two changes of one table's rights at once. */
export async function runAll(db: Kysely<Database>, statements: readonly string[]): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await lockSchema(tx, 'postgres')
    for (const statement of statements) await sql.raw(statement).execute(tx)
  })
}
