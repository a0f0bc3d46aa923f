import { sql } from 'kysely'
import type { ErasureRow, Reader, Writer } from './database.ts'

/** The erasure of a document or refusal; undefined while it is kept. */
export async function erasureOf(reader: Reader, id: string): Promise<ErasureRow | undefined> {
  return await reader.selectFrom('erasures').selectAll().where('document', '=', id).executeTakeFirst()
}

/** What an `era` entry erased. */
export async function erasureAt(reader: Reader, index: number): Promise<ErasureRow | undefined> {
  return await reader.selectFrom('erasures').selectAll().where('idx', '=', index).executeTakeFirst()
}

/**
 * The erasure that blanked an entry: of the document itself, or of the one that an outcome (with its free text) is about.
 */
export async function erasureOver(
  reader: Reader,
  { id, kind }: { readonly id: string; readonly kind: string },
): Promise<ErasureRow | undefined> {
  if (kind !== 'out') return await erasureOf(reader, id)
  const outcome = await reader.selectFrom('outcomes').select('document').where('id', '=', id).executeTakeFirst()
  return outcome && (await erasureOf(reader, outcome.document))
}

/** Documents of a consultation that are not erased, with numbers beyond `after`, oldest first; at most `limit`. */
export async function keptOfConsultation(
  reader: Reader,
  consultation: string,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<readonly { readonly idx: number; readonly id: string }[]> {
  return await reader
    .selectFrom('documents')
    .select(['idx', 'id'])
    .where('consultation', '=', consultation)
    .where('stored_as', '<>', 'erased')
    .where('idx', '>', after)
    .orderBy('idx')
    .limit(limit)
    .execute()
}

/** How many documents of a consultation are erased. */
export async function countErased(reader: Reader, consultation: string): Promise<number> {
  const row = await reader
    .selectFrom('documents')
    .select((query) => query.fn.countAll<number>().as('n'))
    .where('consultation', '=', consultation)
    .where('stored_as', '=', 'erased')
    .executeTakeFirstOrThrow()
  return row.n
}

/** Those of the documents that are erased. */
export async function erasedOf(reader: Reader, ids: readonly string[]): Promise<readonly string[]> {
  const rows = await reader.selectFrom('erasures').select('document').where('document', 'in', ids).execute()
  return rows.map(({ document }) => document)
}

/** Documents erased in one statement. */
const atOnce = 500
const empty = new Uint8Array(0)

/**
 * Takes away everything that opens the documents: bytes, keys, envelope, salt, seal, digests, what recipients wrote of
 * them. Their rows in `erasures` and the `era` entries stand already, in the same transaction: the traps of migration
 * 0007 ask for them. A consultation's key goes with the last document that is stored under it.
 */
export async function blank(tx: Writer, ids: readonly string[]): Promise<void> {
  for (let at = 0; at < ids.length; at += atOnce) await blankSome(tx, ids.slice(at, at + atOnce))
}

async function blankSome(tx: Writer, ids: readonly string[]): Promise<void> {
  const outcomes = await tx.selectFrom('outcomes').select('id').where('document', 'in', ids).execute()
  const opened = [...ids, ...outcomes.map(({ id }) => id)]
  const entries = await tx.selectFrom('entries').select('idx').where('id', 'in', opened).execute()
  await tx.updateTable('entries').set({ envelope: empty, salt: empty, seal: null }).where('id', 'in', opened).execute()
  const numbers = entries.map(({ idx }) => idx)
  await tx.updateTable('idempotency_keys').set({ sha256: '' }).where('idx', 'in', numbers).execute()
  await tx.updateTable('outcomes').set({ url: '', reason: '' }).where('document', 'in', ids).execute()
  const bytes = { content: empty, data_key: null, stored_as: 'erased', sha256: '', source_key: '' }
  await tx.updateTable('documents').set(bytes).where('idx', 'in', numbers).execute()
  await tx
    .deleteFrom('consultation_keys')
    .where('consultation', 'in', (query) =>
      query.selectFrom('documents').select('consultation').where('idx', 'in', numbers),
    )
    .where(sql<boolean>`not exists (select 1 from documents d
      where d.consultation = consultation_keys.consultation and d.stored_as = 'aes-256-gcm')`)
    .execute()
}
