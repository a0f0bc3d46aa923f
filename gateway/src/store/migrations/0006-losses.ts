import type { Dialect } from '../database.ts'

/** Losses that the operator accepted (`socle recover`): numbers whose first owners are gone, and that nobody gets again. */
export function lossTables(dialect: Dialect): readonly string[] {
  const int8 = dialect === 'sqlite' ? 'integer' : 'bigint'
  return [
    `create table losses (idx ${int8} primary key, lost_from ${int8} not null, lost_to ${int8} not null)`,
    ...traps(dialect),
  ]
}

/** As on the ledger's own tables (0003): written once and kept. */
function traps(dialect: Dialect): readonly string[] {
  if (dialect === 'postgres')
    return [
      `create trigger losses_kept before update or delete or truncate on losses
        for each statement execute function refuse_change()`,
    ]
  return ['update', 'delete'].map(
    (change) =>
      `create trigger losses_no_${change} before ${change} on losses begin select raise(abort, 'the ledger is append-only'); end`,
  )
}
