import type { Dialect } from '../database.ts'

/** Rows that are written once and kept. Erasure (RGPD) will need entries.envelope, entries.salt and documents.content. */
const kept = ['entries', 'tree_nodes', 'documents', 'idempotency_keys', 'deliveries', 'outcomes', 'mandates']

const refusal = 'the ledger is append-only'

/**
 * Traps on the tables of the ledger: nobody changes or deletes a row by mistake, whatever their rights. They do not stop
 * whoever may drop them; the signed tree does that. They fire on changes only: appends do not pass through them, but for
 * the head, once a batch.
 */
export function appendOnlyTraps(dialect: Dialect): readonly string[] {
  return dialect === 'sqlite' ? sqliteTraps() : postgresTraps()
}

/** A checkpoint gets its token once; a head never goes back. */
const checkpointChanged = `old.token is not null or new.token is null
  or new.size <> old.size or new.at <> old.at or new.note <> old.note`
const headGoesBack = 'new.size <= old.size'

function sqliteTraps(): readonly string[] {
  const trap = (name: string, when: string): string =>
    `create trigger ${name} before ${when} begin select raise(abort, '${refusal}'); end`
  return [
    ...kept.flatMap((table) => [
      trap(`${table}_unchanged`, `update on ${table}`),
      trap(`${table}_undeleted`, `delete on ${table}`),
    ]),
    trap('checkpoints_unchanged', `update on checkpoints when ${checkpointChanged}`),
    trap('checkpoints_undeleted', 'delete on checkpoints'),
    trap('ledger_head_forward', `update on ledger_head when ${headGoesBack}`),
    trap('ledger_head_undeleted', 'delete on ledger_head'),
  ]
}

function postgresTraps(): readonly string[] {
  const refuse = 'execute function refuse_change()'
  return [
    `create function refuse_change() returns trigger language plpgsql as $$
      begin raise exception '${refusal}: % on %', tg_op, tg_table_name using errcode = 'restrict_violation'; end $$`,
    ...kept.map(
      (table) =>
        `create trigger ${table}_kept before update or delete or truncate on ${table} for each statement ${refuse}`,
    ),
    `create trigger checkpoints_unchanged before update on checkpoints for each row when (${checkpointChanged}) ${refuse}`,
    `create trigger checkpoints_undeleted before delete or truncate on checkpoints for each statement ${refuse}`,
    `create trigger ledger_head_forward before update on ledger_head for each row when (${headGoesBack}) ${refuse}`,
    `create trigger ledger_head_undeleted before delete or truncate on ledger_head for each statement ${refuse}`,
  ]
}
