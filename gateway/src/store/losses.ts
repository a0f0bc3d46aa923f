import { leafHash } from '@socle/schemas'
import type { Reader } from './database.ts'

/** Numbers from the first to before the last. */
export interface Range {
  readonly from: number
  readonly to: number
}

/** Whether a log of that size, whose end is not ours, was accepted as lost. */
export async function isLossAccepted(reader: Reader, size: number): Promise<boolean> {
  const losses = reader.selectFrom('losses').select('idx').where('lost_from', '<', size).where('lost_to', '>=', size)
  return (await losses.limit(1).executeTakeFirst()) !== undefined
}

/** The signed note of the checkpoint at that size; undefined when no batch ended there. */
export async function readNote(reader: Reader, size: number): Promise<string | undefined> {
  return (await reader.selectFrom('checkpoints').select('note').where('size', '=', size).executeTakeFirst())?.note
}

/** Hexadecimal leaf hash of an entry. */
export async function readLeafHash(reader: Reader, index: number): Promise<string | undefined> {
  const row = await reader.selectFrom('entries').select('leaf').where('idx', '=', index).executeTakeFirst()
  return row && leafHash(row.leaf).toString('hex')
}
