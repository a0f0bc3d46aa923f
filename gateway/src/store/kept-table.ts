import type { Dialect } from './database.ts'

/**
 * Traps of a table whose rows are written once and kept, as on the ledger's own tables (0003), whose function of
 * PostgreSQL they use. Migrations that have run stand on this text: it does not change.
 */
export function keptTable(dialect: Dialect, table: string): readonly string[] {
  if (dialect === 'postgres')
    return [
      `create trigger ${table}_kept before update or delete or truncate on ${table}
        for each statement execute function refuse_change()`,
    ]
  return ['update', 'delete'].map(
    (change) =>
      `create trigger ${table}_no_${change} before ${change} on ${table} begin select raise(abort, 'the ledger is append-only'); end`,
  )
}
