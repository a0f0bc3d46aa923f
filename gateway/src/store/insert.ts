import { CompiledQuery } from 'kysely'
import type { Database, Dialect, Writer } from './database.ts'

export type Value = string | number | Uint8Array | null

/**
 * Rows a statement. In SQLite a few rows share the cost of passing through the query layer; PostgreSQL is sent the next
 * statement without waiting for the answer to this one, and gains nothing beyond a few dozen rows.
 */
const rowsAStatement: Readonly<Record<Dialect, number>> = { sqlite: 16, postgres: 32 }

const texts = new Map<string, CompiledQuery>()

/**
 * Inserts rows given as arrays in the order of the columns. The text of each shape is built once: the same statement
 * text lets the driver reuse its prepared statement.
 */
export async function insertRows<T extends keyof Database & string>(
  tx: Writer,
  dialect: Dialect,
  into: { readonly table: T; readonly columns: readonly (keyof Database[T] & string)[] },
  rows: readonly (readonly Value[])[],
): Promise<void> {
  const step = rowsAStatement[dialect]
  for (let start = 0; start < rows.length; start += step) {
    const chunk = rows.slice(start, start + step)
    const query = insertText(dialect, into, chunk.length)
    await tx.executeQuery({ ...query, parameters: chunk.flat() })
  }
}

function insertText(
  dialect: Dialect,
  { table, columns }: { readonly table: string; readonly columns: readonly string[] },
  rows: number,
): CompiledQuery {
  const name = `${dialect} ${table} ${rows}`
  const known = texts.get(name)
  if (known) return known
  let parameter = 0
  const mark = (): string => (dialect === 'sqlite' ? '?' : `$${++parameter}`)
  const row = (): string => `(${columns.map(mark).join(', ')})`
  const values = Array.from({ length: rows }, row).join(', ')
  const query = CompiledQuery.raw(`insert into ${table} (${columns.join(', ')}) values ${values}`)
  texts.set(name, query)
  return query
}
