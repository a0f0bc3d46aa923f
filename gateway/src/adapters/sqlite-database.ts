import { statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite'

/** What decides whether a commit survives a power cut. Read back from the open database, not from what was asked for. */
export interface Durability {
  readonly sqliteVersion: string
  readonly journalMode: string
  readonly synchronous: number
  readonly inMemoryFileSystem: boolean
}

/** The store cannot keep the first promise as it is set. The text says what to change. */
export class NotDurableError extends Error {
  override readonly name = 'NotDurableError'
}

/**
 * Opens a connection for the ledger: WAL, one sync of the WAL a commit (`synchronous=FULL`), 8 KiB pages, WAL checkpoints only
 * where `sqlite-checkpointer.ts` asks for them. What is deleted is overwritten: erased means gone (store/purge.ts).
 * Busy time-out: another process (the `socle account` command) holds the lock for milliseconds.
 */
export function openDatabase(file: string): DatabaseSyncInstance {
  const db = new DatabaseSync(file, { timeout: 10_000 })
  db.exec('pragma page_size = 8192')
  db.exec('pragma journal_mode = wal')
  db.exec('pragma synchronous = full')
  db.exec('pragma wal_autocheckpoint = 0')
  db.exec('pragma secure_delete = on')
  db.exec('pragma foreign_keys = on')
  return db
}

/** Reads back the facts. `file` tells which file system the database stands on. */
export function durabilityOf(db: DatabaseSyncInstance, file: string): Durability {
  const tmpfs = 0x01021994
  const ramfs = 0x858458f6
  const fileSystem = statfsSync(dirname(file)).type
  return {
    sqliteVersion: String(firstValue(db, 'select sqlite_version()')),
    journalMode: String(firstValue(db, 'pragma journal_mode')),
    synchronous: Number(firstValue(db, 'pragma synchronous')),
    inMemoryFileSystem: fileSystem === tmpfs || fileSystem === ramfs,
  }
}

/**
 * Refuses a store that could lose an acknowledged document.
 * SQLite before 3.51.3 can drop committed transactions when a second connection checkpoints while the WAL is reset.
 * @throws NotDurableError naming every fault.
 */
export function assertDurable(facts: Durability, allowInMemory: boolean): void {
  const faults: string[] = []
  if (compareVersions(facts.sqliteVersion, '3.51.3') < 0)
    faults.push(`SQLite ${facts.sqliteVersion} has the WAL-reset fault: 3.51.3 or later is needed`)
  if (facts.journalMode !== 'wal') faults.push(`journal_mode is ${facts.journalMode}: wal is needed`)
  if (facts.synchronous < 2)
    faults.push(`synchronous is ${facts.synchronous}: full (2) is needed, or a commit is not on disk when it returns`)
  if (facts.inMemoryFileSystem && !allowInMemory)
    faults.push('the data directory stands on an in-memory file system: set HUB_DATA to a disk')
  if (faults.length > 0) throw new NotDurableError(`The store would not be durable: ${faults.join('; ')}`)
}

function compareVersions(left: string, right: string): number {
  const a = left.split('.').map(Number)
  const b = right.split('.').map(Number)
  for (let i = 0; i < 3; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

function firstValue(db: DatabaseSyncInstance, query: string): unknown {
  return Object.values(db.prepare(query).get() ?? {})[0]
}
