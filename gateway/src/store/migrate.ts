import { type Kysely, sql } from 'kysely'
import type { Database, Dialect } from './database.ts'
import { ledgerTables } from './migrations/0001-ledger.ts'
import { leaseTables } from './migrations/0002-leases.ts'

const migrations: readonly { readonly name: string; readonly statements: (dialect: Dialect) => readonly string[] }[] = [
  { name: '0001-ledger', statements: ledgerTables },
  { name: '0002-leases', statements: leaseTables },
]

/**
 * Brings the schema up to date, each migration in its own transaction. Forward only.
 * Two starts at once are harmless: the second waits for the first one's lock, then finds nothing left to do.
 * A crash in the middle leaves the schema as it was before that migration.
 */
export async function migrate(db: Kysely<Database>, dialect: Dialect): Promise<void> {
  await sql`create table if not exists migrations (name text primary key)`.execute(db)
  for (const migration of migrations) {
    await db.transaction().execute(async (tx) => {
      const done = await sql`select name from migrations where name = ${migration.name}`.execute(tx)
      if (done.rows.length > 0) return
      for (const statement of migration.statements(dialect)) await sql.raw(statement).execute(tx)
      await sql`insert into migrations (name) values (${migration.name})`.execute(tx)
    })
  }
}
