import type { Reader, SealTokenRow, Writer } from './database.ts'

/** The timestamp response over the seal of an entry, once there is one. */
export async function readSealToken(reader: Reader, index: number): Promise<Uint8Array | undefined> {
  const row = await reader.selectFrom('seal_tokens').select('token').where('idx', '=', index).executeTakeFirst()
  return row?.token
}

/** The first one stays, whoever asked; so does the first owner of a serial. */
export async function keepSealToken(writer: Writer, row: SealTokenRow): Promise<void> {
  await writer
    .insertInto('seal_tokens')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** The seal of an entry and when it was made; undefined when there is none, or none any more. */
export async function readSeal(
  reader: Reader,
  index: number,
): Promise<{ readonly seal: Uint8Array; readonly at: string } | undefined> {
  const row = await reader.selectFrom('entries').select(['seal', 'at']).where('idx', '=', index).executeTakeFirst()
  return row?.seal?.length ? { seal: row.seal, at: row.at } : undefined
}

/** Indexes of documents of a kind, from `from` on, whose seals have no timestamp; at most `limit`, oldest first. */
export async function readUntimed(
  reader: Reader,
  { kind, from, limit }: { readonly kind: string; readonly from: number; readonly limit: number },
): Promise<readonly number[]> {
  const rows = await reader
    .selectFrom('documents')
    .leftJoin('seal_tokens', 'seal_tokens.idx', 'documents.idx')
    .select('documents.idx')
    .where('documents.kind', '=', kind)
    .where('documents.idx', '>=', from)
    .where('seal_tokens.idx', 'is', null)
    .orderBy('documents.idx')
    .limit(limit)
    .execute()
  return rows.map(({ idx }) => idx)
}
