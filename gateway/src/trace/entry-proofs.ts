import { type Envelope, formatTlogProof, isConfidential, type Kind } from '@socle/schemas'
import { type EntryProof, entryProofFormat, maxEntryProofs } from '../audit/container-layout.ts'
import { readLogProof } from '../record/tree-reader.ts'
import type { Reader } from '../store/database.ts'
import type { HappeningDocument } from '../store/happenings.ts'
import { logOf } from '../store/shards.ts'

/** Documents asked for in one query. */
const askedAtOnce = 500

/** The place of an entry in the log, and the outside time over it when there is one. */
export interface PlaceProof {
  /** C2SP tlog-proof to the first checkpoint over the entry that was stamped, else to its own. */
  readonly tlogProof: string
  /** RFC 3161 response over the exact bytes of that checkpoint. */
  readonly token?: Uint8Array
}

/** As long as nobody stamps an earlier checkpoint, which nobody does, the proof of a stamped entry is the same for ever. */
export async function readPlaceProof(reader: Reader, index: number): Promise<PlaceProof> {
  const checkpoint = (await firstStamped(reader, index)) ?? (await ownCheckpoint(reader, index))
  const { size, note, token } = checkpoint
  const place = await readLogProof(reader, index, size)
  return { tlogProof: formatTlogProof({ ...place, checkpoint: note }), ...(token ? { token } : {}) }
}

interface FoundCheckpoint {
  readonly size: number
  readonly note: string
  readonly token: Uint8Array | null
}

/** Of the log that the entry is in: a later log proves nothing of it. */
async function firstStamped(reader: Reader, index: number): Promise<FoundCheckpoint | undefined> {
  const { end } = await logOf(reader, index)
  const over = reader.selectFrom('checkpoints').select(['size', 'note', 'token']).where('size', '>', index)
  const ours = end === undefined ? over : over.where('size', '<=', end)
  return await ours.where('token', 'is not', null).orderBy('size').limit(1).executeTakeFirst()
}

async function ownCheckpoint(reader: Reader, index: number): Promise<FoundCheckpoint> {
  return await reader
    .selectFrom('entries')
    .innerJoin('checkpoints', 'checkpoints.size', 'entries.checkpoint_size')
    .select(['checkpoints.size', 'checkpoints.note', 'checkpoints.token'])
    .where('entries.idx', '=', index)
    .executeTakeFirstOrThrow()
}

/** Every delivery of a document that was logged, oldest first, the first 1 000 of them. */
export async function deliveryProofs(reader: Reader, document: HappeningDocument): Promise<readonly EntryProof[]> {
  const rows = await reader
    .selectFrom('deliveries')
    .select('idx')
    .distinct()
    .where('document', '=', document.id)
    .orderBy('idx')
    .limit(maxEntryProofs)
    .execute()
  const proofs: EntryProof[] = []
  for (const { idx } of rows)
    proofs.push(await readEntryProof(reader, idx, async (envelope) => await isForReadersOf(reader, document, envelope)))
  return proofs
}

/** Every outcome of a document, oldest first, the first 1 000 of them. */
export async function outcomeProofs(reader: Reader, { id }: HappeningDocument): Promise<readonly EntryProof[]> {
  const outcomes = reader.selectFrom('outcomes').select('idx').where('document', '=', id)
  const rows = await outcomes.orderBy('idx').limit(maxEntryProofs).execute()
  const proofs: EntryProof[] = []
  for (const { idx } of rows) proofs.push(await readEntryProof(reader, idx))
  return proofs
}

/** @param mayOpen whether the envelope may be shown; it is kept back with its salt otherwise */
export async function readEntryProof(
  reader: Reader,
  index: number,
  mayOpen: (envelope: Envelope) => Promise<boolean> = async () => true,
): Promise<EntryProof> {
  const { leaf, envelope, salt } = await reader
    .selectFrom('entries')
    .select(['leaf', 'envelope', 'salt'])
    .where('idx', '=', index)
    .executeTakeFirstOrThrow()
  const { tlogProof, token } = await readPlaceProof(reader, index)
  // Blank: what opened it was erased.
  const said = envelope.length === 0 ? undefined : (JSON.parse(Buffer.from(envelope).toString()) as Envelope)
  const isOpen = said !== undefined && (await mayOpen(said))
  return {
    format: entryProofFormat,
    ...(isOpen ? { envelope: said, salt: Buffer.from(salt).toString('base64') } : {}),
    leaf: Buffer.from(leaf).toString(),
    proof: tlogProof,
    ...(token ? { timestamp: Buffer.from(token).toString('base64') } : {}),
  }
}

/**
 * A delivery may name several documents. Whoever may read this one may read the others when they are not confidential, or
 * confidential as this one and of the same buyer. Nobody's rights but the document's decide, so that everybody who may
 * have the container has the same one.
 */
async function isForReadersOf(reader: Reader, document: HappeningDocument, { delivery }: Envelope): Promise<boolean> {
  const others = (delivery?.documents ?? []).filter((id) => id !== document.id)
  for (let at = 0; at < others.length; at += askedAtOnce) {
    const rows = await reader
      .selectFrom('documents')
      .innerJoin('entries', 'entries.idx', 'documents.idx')
      .select(['documents.kind', 'documents.buyer'])
      .where('entries.id', 'in', others.slice(at, at + askedAtOnce))
      .execute()
    const sharesBuyer = (buyer: string): boolean => isConfidential(document.kind) && buyer === document.buyer
    if (rows.some(({ kind, buyer }) => isConfidential(kind as Kind) && !sharesBuyer(buyer))) return false
  }
  return true
}
