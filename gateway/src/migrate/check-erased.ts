import { type Envelope, parseLeaf } from '@socle/schemas'
import type { EntryRow, Writer } from '../store/database.ts'
import { erasureOver } from '../store/erasures.ts'
import { LedgerDamagedError } from './damaged.ts'

/** Nothing opens it any more. */
export function isBlank({ envelope, salt }: Pick<EntryRow, 'envelope' | 'salt'>): boolean {
  return envelope.length === 0 && salt.length === 0
}

/**
 * A blank entry is one that an `era` entry of the log names; its leaf stands alone, and the columns beside it say what
 * the leaf says. Whoever blanks a row without such an entry is seen here.
 * @throws LedgerDamagedError
 */
export async function checkErased(db: Writer, entry: EntryRow): Promise<void> {
  const leaf = parseLeaf(Buffer.from(entry.leaf).toString('utf8'))
  const same = entry.id === leaf.id && entry.kind === leaf.kind && entry.type === leaf.type && entry.at === leaf.at
  if (!same) throw new LedgerDamagedError(`entry ${entry.idx} is not what its leaf says`)
  const erasure = await erasureOver(db, entry)
  const order =
    erasure && (await db.selectFrom('entries').selectAll().where('idx', '=', erasure.idx).executeTakeFirst())
  // The order's own entry is held to its leaf in its turn.
  const said = order && (JSON.parse(Buffer.from(order.envelope).toString('utf8')) as Envelope).erasure
  if (!erasure || said?.document !== erasure.document || said.decision !== erasure.decision)
    throw new LedgerDamagedError(`entry ${entry.idx} is blank, and no entry of the log says that it was erased`)
  const document = db.selectFrom('documents').select(['stored_as', 'content', 'data_key']).where('idx', '=', entry.idx)
  const row = await document.executeTakeFirst()
  if (row && (row.stored_as !== 'erased' || row.content.length > 0 || row.data_key !== null))
    throw new LedgerDamagedError(`document ${entry.idx} is said to be erased, and its bytes are there`)
}
