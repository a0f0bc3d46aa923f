import type { Dialect } from '../database.ts'

/**
 * Several replicas on one store: who runs a loop now (a lease with an epoch that only grows), and what a loop must
 * remember beside its position, in the same row.
 */
export function leaseTables(dialect: Dialect): readonly string[] {
  const int8 = dialect === 'sqlite' ? 'integer' : 'bigint'
  return [
    `create table leases (name text primary key, holder text not null, epoch ${int8} not null, until ${int8} not null)`,
    "alter table cursors add column state text not null default ''",
  ]
}
