import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { Worker } from 'node:worker_threads'
import {
  type CompiledQuery,
  type DatabaseConnection,
  Kysely,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import type { Store } from '../ports.ts'
import type { NewEntry } from '../record/entry.ts'
import type { Database } from '../store/database.ts'
import { createVault } from '../store/vault.ts'
import { openDatabase } from './sqlite-database.ts'
import { kyselyOver } from './sqlite-dialect.ts'
import type { QueryAnswer, WriterAnswer, WriterRequest, WriterStart } from './sqlite-protocol.ts'
import { threadUrl } from '../thread-url.ts'

/**
 * The embedded store: one writer thread, one checkpointer thread, and a query-only connection here for reads.
 * A dead writer thread leaves the outcome of its last batch unknown, so the process must stop: `failed` resolves with
 * the reason, and start-up reads the truth back from disk. `onTrouble` hears of what is tried again by itself.
 */
export async function openSqliteStore(
  start: WriterStart,
  onTrouble: (message: string) => void = () => undefined,
): Promise<Store & { readonly failed: Promise<Error> }> {
  prepareDirectory(start.file)
  const thread = new Worker(threadUrl(import.meta.url, 'sqlite-writer'), { workerData: start, execArgv: [] })
  await once(thread, 'message')
  const checkpointer = new Worker(threadUrl(import.meta.url, 'sqlite-checkpointer'), {
    workerData: start.file,
    execArgv: [],
  })
  checkpointer.on('message', onTrouble)
  const { ask, failed } = callable(thread, checkpointer)

  const readConnection = openDatabase(start.file)
  readConnection.exec('pragma query_only = on')
  const reader = kyselyOver(readConnection)
  const writer = throughThread(
    async (sql, parameters) => (await ask({ ask: 'query', sql, parameters })).query ?? { rows: [], changes: 0 },
  )

  return {
    dialect: 'sqlite',
    vault: createVault(start.storageKey),
    reader,
    writer,
    failed,
    append: async (entries: readonly NewEntry[]) => (await ask({ ask: 'append', entries })).appended ?? [],
    async handOver(order) {
      const { handedOver } = await ask({ ask: 'hand-over', order })
      if (!handedOver) throw new Error('the writer gave no answer to a hand-over')
      return handedOver
    },
    async close() {
      checkpointer.postMessage('close')
      await once(checkpointer, 'exit')
      await reader.destroy()
      const exited = once(thread, 'exit')
      await ask({ ask: 'close' })
      await exited
    },
  }
}

/** Received documents are in there: for the owner alone. */
function prepareDirectory(file: string): void {
  const directory = dirname(file)
  if (existsSync(directory)) return
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  chmodSync(directory, 0o700)
}

type Question = WriterRequest extends infer R ? (R extends { id: number } ? Omit<R, 'id'> : never) : never

function callable(
  thread: Worker,
  checkpointer: Worker,
): {
  ask: (question: Question) => Promise<WriterAnswer & { ok: true }>
  failed: Promise<Error>
} {
  const waiting = new Map<
    number,
    { resolve: (answer: WriterAnswer & { ok: true }) => void; reject: (error: Error) => void }
  >()
  let next = 1
  let fail: (error: Error) => void = () => undefined
  const failed = new Promise<Error>((resolve) => {
    fail = resolve
  })
  const giveUp = (error: Error): void => {
    for (const call of waiting.values()) call.reject(error)
    waiting.clear()
    fail(error)
  }
  thread.on('message', (answer: WriterAnswer) => {
    const call = waiting.get(answer.id)
    waiting.delete(answer.id)
    if (answer.ok) call?.resolve(answer)
    else call?.reject(Object.assign(new Error(answer.message), { code: answer.code }))
  })
  thread.on('error', giveUp)
  // Nothing is lost without it, but the WAL would grow for ever.
  checkpointer.on('error', (error) => fail(error))
  thread.on('exit', (code) => {
    if (code !== 0 || waiting.size > 0) giveUp(new Error(`the store's writer thread ended with code ${code}`))
  })
  const ask = async (question: Question): Promise<WriterAnswer & { ok: true }> => {
    const id = next++
    return await new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject })
      thread.postMessage({ id, ...question })
    })
  }
  return { ask, failed }
}

/** Kysely whose statements run in the writer thread, each its own durable transaction. */
function throughThread(run: (sql: string, parameters: readonly unknown[]) => Promise<QueryAnswer>): Kysely<Database> {
  const connection: DatabaseConnection = {
    async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
      const { rows, changes } = await run(query.sql, query.parameters)
      return { rows: rows as R[], numAffectedRows: BigInt(changes) }
    },
    streamQuery: () => {
      throw new Error('the writer does not stream')
    },
  }
  const refuse = async (): Promise<never> => await Promise.reject(new Error('transactions belong to append() alone'))
  return new Kysely<Database>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createQueryCompiler: () => new SqliteQueryCompiler(),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createDriver: () => ({
        init: async () => undefined,
        acquireConnection: async () => connection,
        beginTransaction: refuse,
        commitTransaction: refuse,
        rollbackTransaction: refuse,
        releaseConnection: async () => undefined,
        destroy: async () => undefined,
      }),
    },
  })
}
