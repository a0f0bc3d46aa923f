import {
  type CompiledQuery,
  type DatabaseConnection,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
  type TransactionSettings,
} from 'kysely'
import type { Pool, PoolClient, QueryResult as PgResult } from 'pg'
import type { Database } from '../store/database.ts'
import { notAwaited } from '../store/ledger-rows.ts'
import { storable } from '../store/storable.ts'
import { isAnswer, toldToCallers } from './postgres-away.ts'

/** A connection in use. `broken`: what the server made of its last statements is unknown, nobody may use it again. */
interface Session extends DatabaseConnection {
  begin(text: string): Promise<void>
  commit(): Promise<void>
  rollback(): Promise<void>
  release(): void
}

/**
 * Kysely over a pool of pg. Unlike Kysely's own driver it throws away every connection whose state is in doubt: one that
 * did not answer in time would give its late answer to the next user.
 * @param behind statements of a transaction that give no rows, or none that anybody reads (`notAwaited`), are sent without waiting for their answer, which comes with
 *   the commit's at the latest: a failed one then fails the commit. For a pool whose clients pipeline.
 */
export function kyselyOverPool(pool: Pool, behind = false): Kysely<Database> {
  const session = (connection: DatabaseConnection): Session => connection as Session
  return new Kysely<Database>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createQueryCompiler: () => new PostgresQueryCompiler(),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createDriver: () => ({
        init: async () => undefined,
        acquireConnection: async () => sessionOver(await connectionOf(pool), behind),
        beginTransaction: async (connection, settings) => await session(connection).begin(beginText(settings)),
        commitTransaction: async (connection) => await session(connection).commit(),
        rollbackTransaction: async (connection) => await session(connection).rollback(),
        releaseConnection: async (connection) => session(connection).release(),
        destroy: async () => await pool.end(),
      }),
    },
  })
}

async function connectionOf(pool: Pool): Promise<PoolClient> {
  try {
    return await pool.connect()
  } catch (error) {
    throw toldToCallers(error)
  }
}

/** Said each time: a default of the server or the role must not change what a transaction sees. */
function beginText({ isolationLevel = 'read committed' }: TransactionSettings): string {
  return `start transaction isolation level ${isolationLevel}`
}

const givesNoRows = /^\s*(?:insert|update|delete)\b(?!.*\breturning\b)/is

const isNotAwaited = (text: string): boolean => text.startsWith(notAwaited) || givesNoRows.test(text)

type Ask = (text: string, values?: readonly unknown[]) => Promise<PgResult>

function sessionOver(client: PoolClient, behind: boolean): Session {
  let broken = false
  let inTransaction = false
  let unanswered: Promise<unknown>[] = []

  const ask: Ask = async (text, values = []) => {
    try {
      return await client.query(text, values.map(storable))
    } catch (error) {
      if (!isAnswer(error)) broken = true
      throw toldToCallers(error)
    }
  }

  function send(text: string, values?: readonly unknown[]): void {
    const answer = ask(text, values)
    // Looked at by the commit; until then a failure is nobody's.
    answer.catch(() => undefined)
    unanswered.push(answer)
  }

  return {
    async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
      if (behind && inTransaction && isNotAwaited(sql)) {
        send(sql, parameters)
        return { rows: [] }
      }
      // With everything sent before: beside a transaction that did not begin, each statement would commit by itself.
      const [{ rows, rowCount, command }] = await Promise.all([ask(sql, parameters), ...unanswered])
      const changes = ['INSERT', 'UPDATE', 'DELETE'].includes(command)
      return { rows: rows as R[], ...(changes ? { numAffectedRows: BigInt(rowCount ?? 0) } : {}) }
    },
    streamQuery: <R>(query: CompiledQuery, rows: number) => throughCursor<R>(ask, query, rows),
    async begin(text) {
      inTransaction = true
      if (behind) send(text)
      else await ask(text)
    },
    async commit() {
      const committed = ask('commit')
      await Promise.all([...unanswered, committed])
      // A transaction in which a statement failed answers its commit with a rollback, not with an error.
      if ((await committed).command !== 'COMMIT') throw new Error('the server rolled back in place of the commit')
      inTransaction = false
      unanswered = []
    },
    async rollback() {
      await Promise.allSettled(unanswered)
      inTransaction = false
      unanswered = []
      // Without an answer the connection is closed, and the server rolls back by itself.
      if (!broken) await ask('rollback').catch(() => (broken = true))
    },
    release: () => client.release(broken),
  }
}

/** Rows in blocks, inside a transaction: that is where a cursor lives. One at a time in a transaction. */
async function* throughCursor<R>(
  ask: Ask,
  { sql, parameters }: CompiledQuery,
  rowsAtOnce: number,
): AsyncIterableIterator<QueryResult<R>> {
  await ask(`declare streamed no scroll cursor for ${sql}`, parameters)
  try {
    for (;;) {
      const { rows } = await ask(`fetch ${rowsAtOnce} from streamed`)
      if (rows.length === 0) return
      yield { rows: rows as R[] }
    }
  } finally {
    // A transaction that failed has closed it already.
    await ask('close streamed').catch(() => undefined)
  }
}
