import type { Dialect } from '../database.ts'

/**
 * Timestamps over seals (CAdES-T), one a sealed entry, asked for once: every export of a document has the same one. As with
 * those over checkpoints no serial is taken twice from one signer.
 */
export function sealTokenTables(dialect: Dialect): readonly string[] {
  const [int8, bytes] = dialect === 'sqlite' ? ['integer', 'blob'] : ['bigint', 'bytea']
  return [
    `create table seal_tokens (idx ${int8} primary key, token ${bytes} not null, signer text not null, serial text not null,
      unique (signer, serial))`,
    ...traps(dialect),
  ]
}

/** As on the ledger's own tables (0003): written once and kept. */
function traps(dialect: Dialect): readonly string[] {
  if (dialect === 'postgres')
    return [
      `create trigger seal_tokens_kept before update or delete or truncate on seal_tokens
        for each statement execute function refuse_change()`,
    ]
  return ['update', 'delete'].map(
    (change) =>
      `create trigger seal_tokens_no_${change} before ${change} on seal_tokens begin select raise(abort, 'the ledger is append-only'); end`,
  )
}
