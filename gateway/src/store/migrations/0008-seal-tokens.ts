import type { Dialect } from '../database.ts'
import { keptTable } from '../kept-table.ts'

/**
 * Timestamps over seals (CAdES-T), one a sealed entry, asked for once: every export of a document has the same one. As with
 * those over checkpoints no serial is taken twice from one signer.
 */
export function sealTokenTables(dialect: Dialect): readonly string[] {
  const [int8, bytes] = dialect === 'sqlite' ? ['integer', 'blob'] : ['bigint', 'bytea']
  return [
    `create table seal_tokens (idx ${int8} primary key, token ${bytes} not null, signer text not null, serial text not null,
      unique (signer, serial))`,
    ...keptTable(dialect, 'seal_tokens'),
  ]
}
