import type { Envelope } from '@socle/schemas'
import type { Writer } from '../store/database.ts'
import { readContent } from '../store/happenings.ts'
import type { Vault } from '../store/vault.ts'
import { LedgerDamagedError } from './damaged.ts'

/**
 * A document's bytes are those that its entry commits to. One at a time: each may be as large as the hub takes.
 * @throws LedgerDamagedError
 */
export async function checkDocument(
  { db, vault }: { readonly db: Writer; readonly vault: Vault },
  { idx, id }: { readonly idx: number; readonly id: string },
  { content }: Envelope,
): Promise<void> {
  const row = await db.selectFrom('documents').select(['id', 'sha256']).where('idx', '=', idx).executeTakeFirst()
  const stored = row?.id === id ? await readContent({ reader: db, vault }, id) : undefined
  if (!stored) throw new LedgerDamagedError(`document ${idx} is missing`)
  if (!stored.whole || row?.sha256 !== content?.sha256)
    throw new LedgerDamagedError(`the bytes of document ${idx} are not those that were recorded`)
}
