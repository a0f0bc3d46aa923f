import type { Dialect } from '../database.ts'
import { keptTable } from '../kept-table.ts'

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
    ...keptTable(dialect, 'time_tokens'),
  ]
}
