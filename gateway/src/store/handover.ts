import { sql } from 'kysely'
import type { Writer } from './database.ts'

/** No hub may begin a log in a PostgreSQL database while one is copied into it. Until the transaction ends. */
export async function lockAgainstAppends(tx: Writer): Promise<void> {
  await sql`lock table ledger_head in exclusive mode`.execute(tx)
}

/**
 * An embedded ledger that was moved takes no more entries: two stores that append under one name would sign two
 * histories. It can still be read, exported and copied again.
 */
export async function closeForGood(tx: Writer): Promise<void> {
  await sql`create trigger if not exists entries_moved before insert on entries begin
    select raise(abort, 'this ledger was moved to PostgreSQL: set HUB_STORE_URL'); end`.execute(tx)
}
