import { callbackify } from 'node:util'
import { type ClientBase, Pool } from 'pg'
import { assertServerDurable, serverFacts } from './postgres-durability.ts'
import { types } from './postgres-types.ts'

/** What connections of a pool are for. */
export interface PoolUse {
  readonly url: string
  readonly max: number
  /** The longest that one statement may take, its answer included. */
  readonly timeoutMs: number
  readonly use: 'read' | 'write'
  /** Statements are sent without waiting for the answer of those before. */
  readonly pipeline?: boolean
}

/** PostgreSQL cannot be reached, or lets nobody in. The text says where and why, never the password. */
export class StoreUnreachableError extends Error {
  override readonly name = 'StoreUnreachableError'
}

/**
 * The server gives up a little before we do: a statement that it ends itself has a known outcome. What we give up is a
 * connection that answers nothing any more; the outcome is then unknown, and the connection is destroyed.
 */
const shareOfStatement = 0.9
const shareOfLock = 0.8

/** Dead peers are noticed by the operating system too, while nobody asks anything. */
const keepAliveAfterMs = 10_000

/**
 * Connections that wait for the disk at each commit and bound everything in time. Whether the server keeps commits is
 * read back at each new connection: settings change, and after a fail-over it is another server.
 */
export function openPool({ url, max, timeoutMs, use, pipeline = false }: PoolUse): Pool {
  const pool = new Pool({
    connectionString: url,
    max,
    types,
    pipeline,
    application_name: `socle ${use}`,
    connectionTimeoutMillis: timeoutMs,
    query_timeout: timeoutMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveAfterMs,
    verify: callbackify(async (client: ClientBase) => await prepareSession(client, use, timeoutMs)),
  })
  // A connection that breaks tells whoever uses it; while idle it just leaves the pool, and the next one is opened when
  // it is needed. Without listeners Node would end the process for it.
  pool.on('connect', (client) => client.on('error', () => undefined))
  pool.on('error', () => undefined)
  return pool
}

/** A transaction without a next statement is ended by the server: it may hold the head's lock, and its client be gone. */
async function prepareSession(client: ClientBase, use: PoolUse['use'], timeoutMs: number): Promise<void> {
  await client.query(
    `select set_config('synchronous_commit', case current_setting('synchronous_commit') when 'remote_apply' then 'remote_apply' else 'on' end, false),
      set_config('default_transaction_read_only', $1, false),
      set_config('statement_timeout', $2, false),
      set_config('lock_timeout', $3, false),
      set_config('idle_in_transaction_session_timeout', $4, false)`,
    [
      use === 'read' ? 'on' : 'off',
      String(Math.floor(timeoutMs * shareOfStatement)),
      String(Math.floor(timeoutMs * shareOfLock)),
      String(timeoutMs),
    ],
  )
  if (use === 'write') assertServerDurable(await serverFacts(client))
}

/**
 * A first connection, so that what is wrong is said at the start and not at the first deposit.
 * @throws NotDurableError, StoreUnreachableError
 */
export async function requireAnswer(pool: Pool, url: string): Promise<void> {
  try {
    ;(await pool.connect()).release()
  } catch (error) {
    if (error instanceof Error && error.name === 'NotDurableError') throw error
    const reason = error instanceof Error ? error.message || String(error) : String(error)
    const place = placeOf(url)
    throw new StoreUnreachableError(
      `PostgreSQL ne répond pas ou refuse l'accès (${place}) : vérifiez HUB_STORE_URL et le serveur. / PostgreSQL does not answer or denies access (${place}): check HUB_STORE_URL and the server. (${reason})`,
      { cause: error },
    )
  }
}

/** Host, port and database of an address: all of it that may be shown. */
function placeOf(url: string): string {
  const { host, pathname } = new URL(url)
  return `${host}${pathname}`
}
