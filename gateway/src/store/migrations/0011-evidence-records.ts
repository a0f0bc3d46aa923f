import type { Dialect } from '../database.ts'
import { keptTable } from '../kept-table.ts'

/**
 * Evidence records (RFC 4998): one row a hash tree and one a renewal of its token. What each document needs is derived
 * from them (record/evidence-record-parts.ts).
 */
export function evidenceRecordTables(dialect: Dialect): readonly string[] {
  const [int8, bytes] = dialect === 'sqlite' ? ['integer', 'blob'] : ['bigint', 'bytea']
  return [
    `create table evidence_records (first ${int8} not null, chain ${int8} not null, link ${int8} not null,
      size ${int8} not null, day text not null, digest text not null, members ${bytes} not null, path ${bytes} not null,
      token ${bytes} not null, gen_time text not null, until text not null, primary key (first, chain, link))`,
    ...keptTable(dialect, 'evidence_records'),
  ]
}
