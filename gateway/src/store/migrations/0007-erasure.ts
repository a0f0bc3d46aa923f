import type { Dialect } from '../database.ts'

/**
 * Documents under keys (store/vault.ts), and the one change that the ledger allows: what opens an erased document is
 * blanked, when and only when an `era` entry says so.
 */
export function erasureTables(dialect: Dialect): readonly string[] {
  const bytes = dialect === 'sqlite' ? 'blob' : 'bytea'
  const int8 = dialect === 'sqlite' ? 'integer' : 'bigint'
  const byConsultation = dialect === 'sqlite' ? '(consultation)' : 'using hash (consultation)'
  return [
    // Rows in the order of their making: SQLite then moves no row of another when it deletes one.
    `create table consultation_keys (idx ${int8} primary key, consultation text not null, wrapped_key ${bytes} not null)`,
    `create index consultation_keys_by_name on consultation_keys ${byConsultation}`,
    "alter table documents add column stored_as text not null default ''",
    `alter table documents add column data_key ${bytes}`,
    `create table erasures (document text primary key, idx ${int8} not null unique, at text not null, decision text not null)`,
    ...(dialect === 'sqlite' ? sqliteTraps() : postgresTraps()),
  ]
}

const refusal = 'the ledger is append-only'

interface Kept {
  readonly table: string
  /** Of the row before: an erasure covers it. */
  readonly erased: string
  /** What the erasure leaves in the columns that it blanks. */
  readonly blank: Readonly<Record<string, string>>
  readonly others: readonly string[]
}

/** A row as it is after an erasure, and when it may become so. `x''` and `null` are written alike in both dialects. */
const erasable: readonly Kept[] = [
  {
    table: 'entries',
    erased: `exists (select 1 from erasures e where e.document = old.id) or exists
      (select 1 from outcomes o join erasures e on e.document = o.document where o.id = old.id)`,
    blank: { envelope: 'EMPTY', salt: 'EMPTY', seal: 'null' },
    others: ['idx', 'id', 'kind', 'type', 'at', 'account', 'leaf', 'checkpoint_size'],
  },
  {
    table: 'documents',
    erased: 'exists (select 1 from erasures e where e.document = old.id)',
    blank: { content: 'EMPTY', data_key: 'null', stored_as: "'erased'", sha256: "''", source_key: "''" },
    others: [
      'idx',
      'id',
      'kind',
      'account',
      'buyer',
      'consultation',
      'format',
      'version',
      'name',
      'media_type',
      'size',
    ],
  },
  {
    table: 'idempotency_keys',
    erased: `exists (select 1 from entries n join erasures e on e.document = n.id where n.idx = old.idx) or exists
      (select 1 from outcomes o join erasures e on e.document = o.document where o.idx = old.idx)`,
    blank: { sha256: "''" },
    others: ['account', 'key', 'idx'],
  },
  {
    table: 'outcomes',
    erased: 'exists (select 1 from erasures e where e.document = old.document)',
    blank: { url: "''", reason: "''" },
    others: ['id', 'document', 'account', 'result', 'at', 'idx'],
  },
]

const withoutEntry = "not exists (select 1 from entries n where n.idx = new.idx and n.kind = 'era')"
/** Of a plain document nothing depends on the key; one that is stored under it does. */
const keyInUse = `exists (select 1 from documents d where d.consultation = old.consultation and d.stored_as = 'aes-256-gcm')`

function sqliteTraps(): readonly string[] {
  const trap = (name: string, when: string): string =>
    `create trigger ${name} before ${when} begin select raise(abort, '${refusal}'); end`
  return [
    ...erasable.flatMap(({ table, erased, blank, others }) => {
      const left = Object.entries(blank).map(([column, value]) => `new.${column} is ${value.replace('EMPTY', "x''")}`)
      const same = others.map((column) => `new.${column} is old.${column}`)
      const allowed = [`(${erased})`, ...left, ...same].join(' and ')
      return [`drop trigger ${table}_unchanged`, trap(`${table}_unchanged`, `update on ${table} when not (${allowed})`)]
    }),
    trap('erasures_by_entry', `insert on erasures when ${withoutEntry}`),
    trap('erasures_unchanged', 'update on erasures'),
    trap('erasures_undeleted', 'delete on erasures'),
    trap('consultation_keys_unchanged', 'update on consultation_keys'),
    trap('consultation_keys_undeleted', `delete on consultation_keys when ${keyInUse}`),
  ]
}

function postgresTraps(): readonly string[] {
  const refuse = 'execute function refuse_change()'
  const raise = `raise exception '${refusal}: % on %', tg_op, tg_table_name using errcode = 'restrict_violation';`
  const make = (name: string, body: string): string =>
    `create function ${name}() returns trigger language plpgsql as $$ ${body} end $$`
  return [
    ...erasable.flatMap(({ table, erased, blank }) => {
      const left = Object.entries(blank).map(([column, value]) => `blank.${column} := ${value.replace('EMPTY', "''")};`)
      return [
        make(
          `refuse_${table}`,
          `declare blank ${table}; begin
            if tg_op = 'UPDATE' then
              blank := old; ${left.join(' ')}
              if (${erased}) and new is not distinct from blank then return new; end if;
            end if;
            ${raise}`,
        ),
        `drop trigger ${table}_kept on ${table}`,
        `create trigger ${table}_kept before update or delete on ${table} for each row execute function refuse_${table}()`,
        `create trigger ${table}_untruncated before truncate on ${table} for each statement ${refuse}`,
      ]
    }),
    make('refuse_erasure', `begin if ${withoutEntry} then ${raise} end if; return new;`),
    `create trigger erasures_by_entry before insert on erasures for each row execute function refuse_erasure()`,
    `create trigger erasures_kept before update or delete or truncate on erasures for each statement ${refuse}`,
    make('refuse_key_in_use', `begin if ${keyInUse} then ${raise} end if; return old;`),
    `create trigger consultation_keys_kept before update or truncate on consultation_keys for each statement ${refuse}`,
    `create trigger consultation_keys_undeleted before delete on consultation_keys for each row execute function refuse_key_in_use()`,
  ]
}
