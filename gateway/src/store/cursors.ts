import { sql } from 'kysely'
import type { Dialect, Reader, Writer } from './database.ts'
import type { LeaseHeld } from './leases.ts'

/** Where a reader of the log stands and what it remembers. */
export interface Place {
  readonly position: number
  readonly state: string
}

export async function readPlace(reader: Reader, name: string): Promise<Place> {
  const row = await reader
    .selectFrom('cursors')
    .select(['position', 'state'])
    .where('name', '=', name)
    .executeTakeFirst()
  return row ?? { position: 0, state: '' }
}

/** Index of the next entry to read; 0 when the reader never started. */
export async function readCursor(reader: Reader, name: string): Promise<number> {
  return (await readPlace(reader, name)).position
}

/**
 * Moves a cursor if, and only if, the lease is still ours: the epoch is compared in the same statement. PostgreSQL locks
 * the lease's row meanwhile, so that it cannot pass to another between the look and the write.
 * @returns false when the lease has passed on: what this process believes about its place is void
 */
export async function moveCursor(
  writer: Writer,
  dialect: Dialect,
  { lease, place, at }: { readonly lease: LeaseHeld; readonly place: Place; readonly at: Date },
): Promise<boolean> {
  const lock = dialect === 'postgres' ? sql`for share` : sql``
  const { numAffectedRows } = await sql`
    insert into cursors (name, position, at, state)
    select ${lease.name}, ${place.position}, ${at.toISOString()}, ${place.state}
    where exists (select 1 from leases
      where name = ${lease.name} and holder = ${lease.holder} and epoch = ${lease.epoch} ${lock})
    on conflict (name) do update set position = excluded.position, at = excluded.at, state = excluded.state`.execute(
    writer,
  )
  return numAffectedRows === 1n
}
