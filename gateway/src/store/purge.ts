import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Dialect, Writer } from './database.ts'

/** A reader of an old state, or a commit, holds the journal back for milliseconds; a copy that is being made, longer. */
const triesMs = 30_000
const restMs = 100

/**
 * What an erasure took out of the tables leaves the store's files too. SQLite wipes what it frees (`secure_delete`), but
 * its journal holds pages as they were until it is begun anew. PostgreSQL keeps old rows until its owner vacuums
 * (deploy/runbooks/erasure.md): nothing can be done from here.
 * Harmless at any time, beside any number of hubs.
 * @returns false when the journal could not be emptied within half a minute: to be asked again
 */
export async function purge(
  { dialect, writer }: { readonly dialect: Dialect; readonly writer: Writer },
  withinMs: number = triesMs,
): Promise<boolean> {
  if (dialect === 'postgres') return true
  const end = performance.now() + withinMs
  for (;;) {
    const { rows } = await sql<{ busy: number }>`pragma wal_checkpoint(truncate)`.execute(writer)
    if (rows[0]?.busy === 0) return true
    if (performance.now() >= end) return false
    await sleep(restMs)
  }
}
