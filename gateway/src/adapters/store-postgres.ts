import type { KeyObject } from 'node:crypto'
import type { Store } from '../ports.ts'
import type { NewEntry } from '../record/entry.ts'
import { handOver } from '../record/hand-over.ts'
import { appendEntries, type LedgerParts, type LedgerStep } from '../record/ledger.ts'
import { ForeignLogError } from '../record/ledger-errors.ts'
import { createLogSigner, type LogSettings } from '../record/log-signer.ts'
import { createVault } from '../store/vault.ts'
import { kyselyOverPool } from './postgres-dialect.ts'
import { openPool, requireAnswer } from './postgres-pool.ts'
import { prepareSchema } from './postgres-schema.ts'

export interface PostgresStart extends LogSettings {
  /** postgres://role@host/database of the hub's own role. */
  readonly url: string
  /** The same database as the role that owns the schema; absent: the schema must be up to date. */
  readonly migrationUrl?: string
  /** Connections for queries. Three more are for appends (1) and single statements (2). */
  readonly poolSize: number
  /** The longest that one statement may take: then it is given up, and its connection with it. */
  readonly timeoutMs: number
  /** Wraps the keys that documents are stored under. */
  readonly storageKey: KeyObject
  /** Fault injection, given by tests as an argument: the process is killed at this step. */
  readonly killAt?: LedgerStep | 'committed'
}

/** One: appends of a replica follow one another anyway, and replicas compete for the head's row, not for connections. */
const appendConnections = 1
const writeConnections = 2

/**
 * The store of a replicated hub. Appends have a connection of their own, so that no crowd of readers can starve them.
 * What happens to a batch whose commit is not answered is unknown: the append rejects, and a retry with the same
 * idempotency key finds out inside its own transaction.
 * `failed` resolves when the log is another key's: replicas that start at once on an empty store, each with keys of its
 * own, all find nothing to hold theirs against, and whoever came first has begun the log. Every fault of a server is one
 * that the next connection may find mended.
 * @throws NotDurableError, StoreUnreachableError, SchemaOutdatedError
 */
export async function openPostgresStore(start: PostgresStart): Promise<Store & { readonly failed: Promise<Error> }> {
  const { url, timeoutMs } = start
  const appending = openPool({ url, max: appendConnections, timeoutMs, use: 'write', pipeline: true })
  const appender = kyselyOverPool(appending, true)
  const writing = openPool({ url, max: writeConnections, timeoutMs, use: 'write' })
  const writer = kyselyOverPool(writing)
  const reading = openPool({ url, max: start.poolSize, timeoutMs, use: 'read' })
  const reader = kyselyOverPool(reading)
  // Not by Kysely, which leaves alone what it never used: its idle connections would keep the process.
  const close = async (): Promise<void> => {
    await Promise.all([appending, writing, reading].map(async (pool) => await pool.end()))
  }
  try {
    await requireAnswer(appending, url)
    await prepareSchema(reader, start.migrationUrl)
  } catch (error) {
    await close()
    throw error
  }

  const reached = (step: LedgerStep | 'committed'): void => {
    if (start.killAt === step) process.kill(process.pid, 'SIGKILL')
  }
  const vault = createVault(start.storageKey)
  const parts: LedgerParts = {
    dialect: 'postgres',
    vault,
    log: createLogSigner(start),
    at: reached,
  }
  let leastSize = 0
  let fail: (error: Error) => void = () => undefined
  const failed = new Promise<Error>((resolve) => (fail = resolve))
  return {
    dialect: 'postgres',
    vault,
    reader,
    writer,
    failed,
    async append(entries: readonly NewEntry[]) {
      const known = { ...parts, leastSize }
      const appended = await appender
        .transaction()
        .execute(async (tx) => await appendEntries(tx, entries, known))
        .catch((error: unknown) => {
          if (error instanceof ForeignLogError) fail(error)
          throw error
        })
      for (const each of appended) if (each.result === 'recorded') leastSize = Math.max(leastSize, each.size)
      reached('committed')
      return appended
    },
    async handOver(order) {
      const done = await appender
        .transaction()
        .execute(async (tx) => await handOver(tx, order, { ...parts, leastSize }))
      reached('committed')
      return done
    },
    close,
  }
}
