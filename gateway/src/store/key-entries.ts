import { sql } from 'kysely'
import type { Reader } from './database.ts'

/** An entry of kind `key`, as it stands in the ledger. */
export interface KeyEntry {
  readonly idx: number
  readonly type: string
  readonly at: string
  /** JSON. */
  readonly envelope: Uint8Array
}

/** Entries about keys from an index on, in order. The literal lets both dialects use the index on them (0012). */
export async function readKeyEntries(db: Reader, from: number): Promise<readonly KeyEntry[]> {
  return await db
    .selectFrom('entries')
    .select(['idx', 'type', 'at', 'envelope'])
    .where('kind', '=', sql.lit('key'))
    .where('idx', '>=', from)
    .orderBy('idx')
    .execute()
}

/** The seal of the newest document or refusal; undefined: nothing was sealed yet. */
export async function readLastSeal(db: Reader): Promise<Uint8Array | undefined> {
  const row = await db
    .selectFrom('entries')
    .select('seal')
    .where('kind', 'in', ['doc', 'rej'])
    .where('seal', 'is not', null)
    .orderBy('idx', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.seal ?? undefined
}

/** When entries of some numbers were recorded, as they say. */
export async function readEntryTimes(db: Reader, numbers: readonly number[]): Promise<ReadonlyMap<number, string>> {
  if (numbers.length === 0) return new Map()
  const rows = await db.selectFrom('entries').select(['idx', 'at']).where('idx', 'in', numbers).execute()
  return new Map(rows.map(({ idx, at }) => [idx, at]))
}
