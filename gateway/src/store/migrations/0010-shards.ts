import type { Dialect } from '../database.ts'
import { keptTable } from '../kept-table.ts'

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
    ...keptTable(dialect, 'shards'),
  ]
}
