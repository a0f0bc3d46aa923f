import type { Database } from './database.ts'

type Table = keyof Database

/**
 * What the hub's role may do beside reading: no row of the ledger can be changed or deleted by the hub itself, except that
 * an erasure blanks what opened a document (the traps of migration 0007 ask for its entry).
 */
export const hubRights: Readonly<Record<Table, string>> = {
  ledger_head: 'insert, update',
  entries: 'insert, update (envelope, salt, seal)',
  tree_nodes: 'insert',
  checkpoints: 'insert, update (token)',
  documents: 'insert, update (content, data_key, stored_as, sha256, source_key)',
  idempotency_keys: 'insert, update (sha256)',
  deliveries: 'insert',
  outcomes: 'insert, update (url, reason)',
  mandates: 'insert',
  accounts: 'insert, update',
  subscriptions: 'insert, update, delete',
  cursors: 'insert, update',
  leases: 'insert, update, delete',
  client_keys: 'insert, update, delete',
  client_assertions: 'insert, delete',
  time_tokens: 'insert',
  losses: 'insert',
  shards: 'insert',
  consultation_keys: 'insert, delete',
  erasures: 'insert',
  seal_tokens: 'insert',
  cosignatures: 'insert',
  evidence_records: 'insert',
}

/** Columns that no reader outside the hub sees. */
const secrets: Readonly<Partial<Record<Table, string>>> = {
  accounts: 'secret_hash',
  subscriptions: 'secret',
  consultation_keys: 'wrapped_key',
  documents: 'data_key',
}

export interface Roles {
  readonly hubRole?: string | undefined
  /** Reads everything but secrets, writes nothing: reporting, supervision, audit. */
  readonly readerRole?: string | undefined
}

/** Statements that give the roles exactly these rights on the tables, whatever they had. Run as the schema's owner. */
export function grantStatements({ hubRole, readerRole }: Roles): readonly string[] {
  const tables = Object.keys(hubRights) as Table[]
  const all = [...tables, 'migrations'].join(', ')
  const statements: string[] = []
  if (hubRole !== undefined) {
    const role = quoted(hubRole)
    statements.push(`revoke all on ${all} from ${role}`, `grant select on ${all} to ${role}`)
    for (const table of tables) statements.push(`grant ${hubRights[table]} on ${table} to ${role}`)
  }
  if (readerRole !== undefined) {
    const role = quoted(readerRole)
    const open = [...tables.filter((table) => secrets[table] === undefined), 'migrations'].join(', ')
    statements.push(`revoke all on ${all} from ${role}`, `grant select on ${open} to ${role}`)
    for (const [table, secret] of Object.entries(secrets)) statements.push(columnGrant(role, table, secret))
  }
  return statements
}

/** PostgreSQL has no "all columns but one": the list is made there, so that new columns are seen without a change here. */
function columnGrant(role: string, table: string, secret: string): string {
  return `do $$ begin execute (select format('grant select (%s) on ${table} to ${role}', string_agg(quote_ident(attname), ', '))
    from pg_attribute where attrelid = '${table}'::regclass and attnum > 0 and not attisdropped and attname <> '${secret}'); end $$`
}

/** Text of a statement cannot take a role as a parameter. */
function quoted(role: string): string {
  if (!/^[a-z_][a-z0-9_]{0,62}$/i.test(role))
    throw new RangeError(`${role} is not a role name of letters, digits and _: grant by hand`)
  return `"${role}"`
}
