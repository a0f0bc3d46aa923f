import type { Reader, ShardRow, Writer } from './database.ts'

/**
 * Where a log lies in the ledger. The ledger numbers its entries for ever; each log counts its own from 0: index in the
 * log = number - first, size of the log = size of the ledger - first.
 */
export interface LogPlace {
  /** 0 for the ledger's first log. */
  readonly shard: number
  /** Number of its first entry. */
  readonly first: number
}

/** A log of the ledger, from its first entry to where the next one begins. */
export interface Shard extends LogPlace {
  readonly origin: string
  readonly vkey: string
  /** Number after its last entry; undefined for the log that goes on. */
  readonly end: number | undefined
}

export const firstLog: LogPlace = { shard: 0, first: 0 }

/** Tiles of all logs share a table; no log has as many. */
const tilesAShard = 2 ** 40

/** The row's number of a complete tile. */
export function tileRow({ shard }: LogPlace, index: number): number {
  return shard * tilesAShard + index
}

/** Every log of the ledger in order; empty while there is only the first one, which nothing was handed over to. */
export async function readShards(reader: Reader | Writer): Promise<readonly Shard[]> {
  const rows: readonly ShardRow[] = await reader.selectFrom('shards').selectAll().orderBy('number').execute()
  return rows.map(({ number, origin, vkey, first }, at) => ({
    shard: number,
    origin,
    vkey,
    first,
    end: rows[at + 1]?.first,
  }))
}

/** The log that an entry is in, up to where it ends. */
export async function logOf(reader: Reader, number: number): Promise<LogPlace & Pick<Shard, 'end'>> {
  const shards = await readShards(reader)
  return shards.findLast(({ first }) => first <= number) ?? { ...firstLog, end: undefined }
}

/** The last checkpoints of logs that ended beyond a size of the ledger, oldest first. */
export async function readEndsAfter(
  reader: Reader,
  size: number,
): Promise<readonly { readonly size: number; readonly note: string }[]> {
  const ends = (await readShards(reader)).flatMap(({ end }) => (end !== undefined && end > size ? [end] : []))
  if (ends.length === 0) return []
  const rows = reader.selectFrom('checkpoints').select(['size', 'note']).where('size', 'in', ends)
  return await rows.orderBy('size').execute()
}

/** Name of the ledger for ever: that of its first log, whichever goes on now. */
export async function readLedgerName(reader: Reader): Promise<string | undefined> {
  return (await reader.selectFrom('shards').select('origin').where('number', '=', 0).executeTakeFirst())?.origin
}
