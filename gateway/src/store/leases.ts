import { sql } from 'kysely'
import type { Dialect, Reader, Writer } from './database.ts'

/** A lease as it was taken. The epoch grows each time the lease passes to another holder. */
export interface LeaseHeld {
  readonly name: string
  readonly holder: string
  readonly epoch: number
}

/** The store's clock, so that replicas whose clocks differ agree on when a lease ends. */
const now = {
  sqlite: sql`cast(unixepoch('subsec') * 1000 as integer)`,
  postgres: sql`cast(extract(epoch from clock_timestamp()) * 1000 as bigint)`,
} as const

/** The store's clock, in milliseconds since 1970. */
export async function readStoreClock(reader: Reader, dialect: Dialect): Promise<number> {
  const { rows } = await sql<{ now: number }>`select ${now[dialect]} as now`.execute(reader)
  return rows[0]?.now ?? 0
}

/**
 * Takes a lease that is free or over, or prolongs one's own. One statement: two takers cannot both succeed.
 * @returns undefined while somebody else holds it
 */
export async function takeLease(
  writer: Writer,
  dialect: Dialect,
  wanted: Omit<LeaseHeld, 'epoch'>,
  forMs: number,
): Promise<LeaseHeld | undefined> {
  const { name, holder } = wanted
  const clock = now[dialect]
  const { rows } = await sql<{ epoch: number }>`
    insert into leases (name, holder, epoch, until) values (${name}, ${holder}, 1, ${clock} + ${forMs})
    on conflict (name) do update set
      epoch = case when leases.holder = excluded.holder then leases.epoch else leases.epoch + 1 end,
      holder = excluded.holder, until = excluded.until
    where leases.holder = excluded.holder or leases.until < ${clock}
    returning epoch`.execute(writer)
  const epoch = rows[0]?.epoch
  return epoch === undefined ? undefined : { name, holder, epoch }
}

/** Prolongs a lease that nobody else took since. False: it is lost. */
export async function renewLease(writer: Writer, dialect: Dialect, lease: LeaseHeld, forMs: number): Promise<boolean> {
  const { numAffectedRows } = await sql`update leases set until = ${now[dialect]} + ${forMs}
    where name = ${lease.name} and holder = ${lease.holder} and epoch = ${lease.epoch}`.execute(writer)
  return numAffectedRows === 1n
}

/** Gives it back at once, so that the next holder need not wait until it ends by itself. */
export async function releaseLease(writer: Writer, { name, holder, epoch }: LeaseHeld): Promise<void> {
  await sql`update leases set until = 0
    where name = ${name} and holder = ${holder} and epoch = ${epoch}`.execute(writer)
}

/** Ends every lease. Only for a store that has one user, who knows by other means that its former user is gone. */
export async function endAllLeases(writer: Writer): Promise<void> {
  await sql`update leases set until = 0`.execute(writer)
}
