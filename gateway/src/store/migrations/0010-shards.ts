import type { Dialect } from '../database.ts'

/**
 * Half-year logs one after the other in one ledger. The head says which one it ends, with the edge of its tree, so that
 * whoever holds the head's lock has both at one time; the table says where each began, once a second one did.
 */
export function shardTables(dialect: Dialect): readonly string[] {
  const int8 = dialect === 'sqlite' ? 'integer' : 'bigint'
  return [
    'alter table ledger_head add column shard integer not null default 0',
    `alter table ledger_head add column first ${int8} not null default 0`,
    `create table shards (number integer primary key, origin text not null unique, vkey text not null, first ${int8} not null unique)`,
    ...traps(dialect),
  ]
}

/** As on the ledger's own tables (0003): written once and kept. */
function traps(dialect: Dialect): readonly string[] {
  if (dialect === 'postgres')
    return [
      `create trigger shards_kept before update or delete or truncate on shards
        for each statement execute function refuse_change()`,
    ]
  return ['update', 'delete'].map(
    (change) =>
      `create trigger shards_no_${change} before ${change} on shards begin select raise(abort, 'the ledger is append-only'); end`,
  )
}
