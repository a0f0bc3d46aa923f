import type { Dialect } from '../database.ts'
import { keptTable } from '../kept-table.ts'

/** Losses that the operator accepted (`socle recover`): numbers whose first owners are gone, and that nobody gets again. */
export function lossTables(dialect: Dialect): readonly string[] {
  const int8 = dialect === 'sqlite' ? 'integer' : 'bigint'
  return [
    `create table losses (idx ${int8} primary key, lost_from ${int8} not null, lost_to ${int8} not null)`,
    ...keptTable(dialect, 'losses'),
  ]
}
