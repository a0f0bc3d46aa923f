import type { DatabaseSyncInstance } from '@photostructure/sqlite'
import {
  CompiledQuery,
  Kysely,
  type DatabaseConnection,
  SqliteDialect,
  SqliteDriver,
  type SqliteDatabase,
  type SqliteStatement,
} from 'kysely'
import type { Database } from '../store/database.ts'
import { storable } from '../store/storable.ts'

/** Kysely over one SQLite connection. Transactions start with the write lock, so that a reader never has to upgrade. */
export function kyselyOver(db: DatabaseSyncInstance): Kysely<Database> {
  const database = withStatementCache(db)
  class ImmediateDialect extends SqliteDialect {
    override createDriver(): SqliteDriver {
      return new ImmediateDriver({ database })
    }
  }
  return new Kysely<Database>({ dialect: new ImmediateDialect({ database }) })
}

class ImmediateDriver extends SqliteDriver {
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'))
  }
}

/** Statements kept prepared: the hot path has about a dozen texts; key look-ups add one a batch size. */
const cachedStatements = 512

function withStatementCache(db: DatabaseSyncInstance): SqliteDatabase {
  const cache = new Map<string, SqliteStatement>()
  return {
    close: () => db.close(),
    prepare(text) {
      const known = cache.get(text)
      if (known) return known
      const statement = prepare(db, text)
      if (cache.size >= cachedStatements) cache.delete(cache.keys().next().value ?? '')
      cache.set(text, statement)
      return statement
    },
  }
}

type Parameter = string | number | bigint | Uint8Array | null

function prepare(db: DatabaseSyncInstance, text: string): SqliteStatement {
  const statement = db.prepare(text)
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...(parameters.map(storable) as Parameter[])),
    run: (parameters) => statement.run(...(parameters.map(storable) as Parameter[])),
    iterate: (parameters) =>
      statement.iterate(...(parameters.map(storable) as Parameter[])) as IterableIterator<unknown>,
  }
}
