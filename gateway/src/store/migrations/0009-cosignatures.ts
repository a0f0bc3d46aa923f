import type { Dialect } from '../database.ts'
import { keptTable } from '../kept-table.ts'

/** What witnesses said of checkpoints, beside the hub's own notes, which never change. */
export function cosignatureTables(dialect: Dialect): readonly string[] {
  const int8 = dialect === 'sqlite' ? 'integer' : 'bigint'
  return [
    `create table cosignatures (size ${int8} not null, witness text not null, at text not null, line text not null,
      primary key (witness, size))`,
    'create index cosignatures_size on cosignatures (size)',
    ...keptTable(dialect, 'cosignatures'),
  ]
}
