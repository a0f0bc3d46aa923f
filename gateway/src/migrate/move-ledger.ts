import type { Reader, Writer } from '../store/database.ts'
import { closeForGood, lockAgainstAppends } from '../store/handover.ts'
import { copyTable, digestTable, isEmpty, lastingTables, type Table } from '../store/whole-tables.ts'
import { type CheckedLedger, checkLedger, type LedgerKeys } from './check-ledger.ts'
import { LedgerDamagedError } from './damaged.ts'

export interface Move extends LedgerKeys {
  /** Embedded store, that nobody else uses now. */
  readonly from: Reader
  /** PostgreSQL with the schema and nothing in it, as its owner. */
  readonly to: Reader
}

export interface Moved {
  readonly ledger: CheckedLedger
  readonly tables: readonly { readonly table: Table; readonly rows: number }[]
}

/** The target holds something already. */
export class NotEmptyError extends Error {
  override readonly name = 'NotEmptyError'
}

/**
 * Moves a whole store in one transaction of the target: all of it or nothing. Checked before and after: the log by
 * computing it again, every table by a digest of its rows.
 * The source is closed to new entries just before the commit. A crash between the two leaves it closed and the target
 * empty: the same command again goes on. A commit first would leave two stores that both append under one name.
 * @throws LedgerDamagedError, NotEmptyError
 */
export async function moveLedger({ from, to, ...keys }: Move): Promise<Moved> {
  return await to.transaction().execute(async (target) => {
    await lockAgainstAppends(target)
    for (const table of lastingTables) if (!(await isEmpty(target, table))) throw new NotEmptyError(`table ${table}`)
    // SQLite's lock for writing is held from here on: the commands of operators wait too.
    return await from.transaction().execute(async (source) => {
      const ledger = await checkLedger(source, keys)
      const tables = await copyTables(source, target)
      const arrived = await checkLedger(target, keys)
      if (arrived.root !== ledger.root || arrived.size !== ledger.size)
        throw new LedgerDamagedError('PostgreSQL gives another root back')
      await closeForGood(source)
      return { ledger, tables }
    })
  })
}

async function copyTables(source: Writer, target: Writer): Promise<Moved['tables']> {
  const tables: { table: Table; rows: number }[] = []
  for (const table of lastingTables) {
    const sent = await copyTable(source, target, table)
    const kept = await digestTable(target, table)
    if (kept.rows !== sent.rows || kept.sum !== sent.sum)
      throw new LedgerDamagedError(`PostgreSQL gives other rows of ${table} back: ${kept.rows} for ${sent.rows}`)
    tables.push({ table, rows: sent.rows })
  }
  return tables
}
