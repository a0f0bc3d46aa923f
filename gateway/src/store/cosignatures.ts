import { addSignatureLines } from '@socle/schemas'
import type { CosignatureRow, Reader, Writer } from './database.ts'

/** Keeps what a witness said. The same witness and checkpoint again, of another replica: the first stays. */
export async function keepCosignature(writer: Writer, row: CosignatureRow): Promise<void> {
  await writer
    .insertInto('cosignatures')
    .values(row)
    .onConflict((conflict) => conflict.columns(['witness', 'size']).doNothing())
    .execute()
}

/** The note of the last checkpoint that a witness cosigned for us; undefined before the first. */
export async function readLastCosigned(reader: Reader, witness: string): Promise<string | undefined> {
  const row = await reader
    .selectFrom('cosignatures')
    .innerJoin('checkpoints', 'checkpoints.size', 'cosignatures.size')
    .select('checkpoints.note')
    .where('cosignatures.witness', '=', witness)
    .orderBy('cosignatures.size', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.note
}

/** The checkpoint at that size with every cosignature that was kept, in a fixed order; undefined when no batch ended there. */
export async function cosignedNote(reader: Reader, size: number): Promise<string | undefined> {
  const row = await reader.selectFrom('checkpoints').select('note').where('size', '=', size).executeTakeFirst()
  if (!row) return undefined
  const kept = reader.selectFrom('cosignatures').select('line').where('size', '=', size).orderBy('witness')
  return addSignatureLines(
    row.note,
    (await kept.execute()).map(({ line }) => line),
  )
}

/** What counts as a quorum: so many of these witnesses. */
export interface QuorumOf {
  readonly witnesses: readonly string[]
  readonly quorum: number
}

/** Size of the first checkpoint over an entry that a quorum cosigned. */
export async function firstWitnessedSize(
  reader: Reader,
  index: number,
  { witnesses, quorum }: QuorumOf,
): Promise<number | undefined> {
  if (witnesses.length === 0) return undefined
  const row = await reader
    .selectFrom('cosignatures')
    .select('size')
    .where('size', '>', index)
    .where('witness', 'in', witnesses)
    .groupBy('size')
    .having((having) => having.fn.countAll(), '>=', quorum)
    .orderBy('size')
    .limit(1)
    .executeTakeFirst()
  return row?.size
}
