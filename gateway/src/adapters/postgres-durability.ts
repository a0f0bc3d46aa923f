import type { ClientBase } from 'pg'
import { NotDurableError } from './sqlite-database.ts'

/** What decides whether a commit survives a power cut. Read back from the server, not from what was asked for. */
export interface ServerFacts {
  /** As PostgreSQL numbers itself: 150004 is 15.4. */
  readonly version: number
  readonly fsync: string
  readonly fullPageWrites: string
  /** In this session. */
  readonly synchronousCommit: string
  /** What sessions get that do not ask. */
  readonly synchronousCommitByDefault: string
  readonly encoding: string
  readonly readOnlyByDefault: string
  readonly inRecovery: boolean
}

const question = `select current_setting('server_version_num')::int4 as "version",
  current_setting('fsync') as "fsync",
  current_setting('full_page_writes') as "fullPageWrites",
  current_setting('synchronous_commit') as "synchronousCommit",
  (select reset_val from pg_settings where name = 'synchronous_commit') as "synchronousCommitByDefault",
  current_setting('server_encoding') as "encoding",
  (select reset_val from pg_settings where name = 'default_transaction_read_only') as "readOnlyByDefault",
  pg_is_in_recovery() as "inRecovery"`

export async function serverFacts(client: ClientBase): Promise<ServerFacts> {
  const { rows } = await client.query<ServerFacts>(question)
  const [facts] = rows
  if (!facts) throw new Error('the server says nothing about itself')
  return facts
}

const oldestVersion = 150_000

/**
 * Refuses a server that could lose an acknowledged document, or give other text back than it took.
 * `synchronous_commit`: every value but `off` waits for this server's own disk; `local` and `remote_write` wait for less
 * of a standby than `on`, so sessions of the hub raise them to `on` and leave `remote_apply`, which waits for more.
 * `off` as a default is refused although our sessions raise it too: whoever set it accepts that this server loses commits.
 * @throws NotDurableError naming every fault
 */
export function assertServerDurable(facts: ServerFacts): void {
  const faults: string[] = []
  const must = (fact: string, name: string, wanted: string, because: string): void => {
    if (fact !== wanted) faults.push(`${name} is ${fact}: ${wanted} is needed, ${because}`)
  }
  if (facts.version < oldestVersion)
    faults.push(`PostgreSQL ${Math.floor(facts.version / 10_000)} is too old: 15 or later is needed`)
  must(facts.fsync, 'fsync', 'on', 'or a commit is not on disk when it returns')
  must(facts.fullPageWrites, 'full_page_writes', 'on', 'or a power cut leaves half-written pages')
  if (facts.synchronousCommitByDefault === 'off')
    faults.push('synchronous_commit is off: on is needed, or a commit is not on disk when it returns')
  if (!['on', 'remote_apply'].includes(facts.synchronousCommit))
    faults.push(`synchronous_commit is ${facts.synchronousCommit} in our own session: on was asked for`)
  must(facts.encoding, 'server_encoding', 'UTF8', 'or names come back as other names')
  must(facts.readOnlyByDefault, 'default_transaction_read_only', 'off', 'or nothing can be recorded')
  if (facts.inRecovery) faults.push('the server is in recovery (a standby): HUB_STORE_URL must lead to the primary')
  if (faults.length > 0) throw new NotDurableError(`The store would not be durable (PostgreSQL): ${faults.join('; ')}`)
}
