import type { Dialect } from '../database.ts'

/**
 * What the outside clocks said, beside the tokens themselves: the next token is held against the last one, and no serial
 * is taken twice from one signer. The index finds the last stamped checkpoint after hours without any.
 */
export function timeTables(dialect: Dialect): readonly string[] {
  const int8 = dialect === 'sqlite' ? 'integer' : 'bigint'
  return [
    `create table time_tokens (idx ${int8} primary key, size ${int8} not null, signer text not null, serial text not null,
      gen_time text not null, accuracy_ms ${int8} not null, unique (signer, serial))`,
    'create index checkpoints_stamped on checkpoints (size) where token is not null',
    ...traps(dialect),
  ]
}

/** As on the ledger's own tables (0003): written once and kept. */
function traps(dialect: Dialect): readonly string[] {
  if (dialect === 'postgres')
    return [
      `create trigger time_tokens_kept before update or delete or truncate on time_tokens
        for each statement execute function refuse_change()`,
    ]
  return ['update', 'delete'].map(
    (change) =>
      `create trigger time_tokens_no_${change} before ${change} on time_tokens begin select raise(abort, 'the ledger is append-only'); end`,
  )
}
