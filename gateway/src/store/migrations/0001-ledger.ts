import type { Dialect } from '../database.ts'

/** First schema. Forward only: a change is a new file beside this one. */
export function ledgerTables(dialect: Dialect): readonly string[] {
  const bytes = dialect === 'sqlite' ? 'blob' : 'bytea'
  // The key is all there is to look up: in SQLite the row then lives in the index itself.
  const clustered = dialect === 'sqlite' ? ' without rowid' : ''
  const int8 = dialect === 'sqlite' ? 'integer' : 'bigint'
  // PostgreSQL's ordered indexes refuse a text of some 2 700 bytes, and with it the batch: a hash takes any.
  const byConsultation = dialect === 'sqlite' ? '(consultation, idx)' : 'using hash (consultation)'
  return [
    `create table ledger_head (id integer primary key check (id = 1), size ${int8} not null, edge ${bytes} not null, checkpoint text not null)`,
    `create table entries (idx ${int8} primary key, id text not null unique, kind text not null, type text not null, at text not null,
      account text, leaf ${bytes} not null, envelope ${bytes} not null, salt ${bytes} not null, seal ${bytes}, checkpoint_size ${int8} not null)`,
    `create table tree_nodes (level integer not null, idx ${int8} not null, hash ${bytes} not null, primary key (level, idx))`,
    `create table checkpoints (size ${int8} primary key, at text not null, note text not null, token ${bytes})`,
    `create table documents (idx ${int8} primary key, id text not null, kind text not null, account text not null, buyer text not null,
      consultation text not null, source_key text not null, format text not null, version text not null, name text not null,
      media_type text not null, size ${int8} not null, sha256 text not null, content ${bytes} not null)`,
    `create index documents_by_consultation on documents ${byConsultation}`,
    `create table idempotency_keys (account text not null, key text not null, sha256 text not null, idx ${int8} not null, primary key (account, key))${clustered}`,
    'create table accounts (id text primary key, name text not null, secret_hash text not null, scopes text not null, status text not null, created_at text not null)',
    `create table mandates (id text primary key, account text not null, buyer text not null, not_before text not null, not_after text not null, idx ${int8} not null)`,
    'create index mandates_by_account on mandates (account)',
    `create table subscriptions (id text primary key, account text not null, url text not null, kinds text not null, buyers text not null, secret text not null, status text not null,
      position ${int8} not null, failures integer not null, next_attempt_at text not null, last_error text not null, created_at text not null)`,
    `create table deliveries (document text not null, recipient text not null, channel text not null, at text not null, idx ${int8} not null,
      primary key (document, recipient, channel))`,
    `create table outcomes (id text primary key, document text not null, account text not null, result text not null, url text not null, reason text not null,
      at text not null, idx ${int8} not null)`,
    'create index outcomes_by_document on outcomes (document)',
    `create table cursors (name text primary key, position ${int8} not null, at text not null)`,
  ]
}
