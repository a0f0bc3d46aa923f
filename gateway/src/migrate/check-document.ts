import { createHash } from 'node:crypto'
import type { Envelope } from '@socle/schemas'
import type { Writer } from '../store/database.ts'
import { LedgerDamagedError } from './damaged.ts'

/**
 * A document's bytes are those that its entry commits to. One at a time: each may be as large as the hub takes.
 * @throws LedgerDamagedError
 */
export async function checkDocument(
  db: Writer,
  { idx, id }: { readonly idx: number; readonly id: string },
  { content }: Envelope,
): Promise<void> {
  const row = await db.selectFrom('documents').selectAll().where('idx', '=', idx).executeTakeFirst()
  if (row?.id !== id) throw new LedgerDamagedError(`document ${idx} is missing`)
  const sha256 = createHash('sha256').update(row.content).digest('hex')
  if (sha256 !== row.sha256 || sha256 !== content?.sha256)
    throw new LedgerDamagedError(`the bytes of document ${idx} are not those that were recorded`)
}
