import type { Dialect } from '../database.ts'

/** What witnesses said of checkpoints, beside the hub's own notes, which never change. */
export function cosignatureTables(dialect: Dialect): readonly string[] {
  const int8 = dialect === 'sqlite' ? 'integer' : 'bigint'
  return [
    `create table cosignatures (size ${int8} not null, witness text not null, at text not null, line text not null,
      primary key (witness, size))`,
    'create index cosignatures_size on cosignatures (size)',
    ...traps(dialect),
  ]
}

/** As on the ledger's own tables (0003): written once and kept. */
function traps(dialect: Dialect): readonly string[] {
  if (dialect === 'postgres')
    return [
      `create trigger cosignatures_kept before update or delete or truncate on cosignatures
        for each statement execute function refuse_change()`,
    ]
  return ['update', 'delete'].map(
    (change) =>
      `create trigger cosignatures_no_${change} before ${change} on cosignatures begin select raise(abort, 'the ledger is append-only'); end`,
  )
}
