import { type Envelope, isConfidential, type Kind } from '@socle/schemas'
import { type EntryProof, entryProofFormat, maxEntryProofs } from '../audit/container-layout.ts'
import type { EntryRow, Reader } from '../store/database.ts'
import type { HappeningDocument } from '../store/happenings.ts'
import { createPlaceProofs, type PlaceProofs } from './place-proofs.ts'

/** Rows asked for in one query. */
const askedAtOnce = 500

/** Every delivery of a document that was logged, oldest first, the first 1 000 of them. */
export async function deliveryProofs(
  reader: Reader,
  places: PlaceProofs,
  document: HappeningDocument,
): Promise<readonly EntryProof[]> {
  const rows = await reader
    .selectFrom('deliveries')
    .select('idx')
    .distinct()
    .where('document', '=', document.id)
    .orderBy('idx')
    .limit(maxEntryProofs)
    .execute()
  const proofs: EntryProof[] = []
  for await (const entry of entriesAt(reader, rows)) {
    const envelope = envelopeOf(entry)
    const isOpen = envelope !== undefined && (await isForReadersOf(reader, document, envelope))
    proofs.push(await proofOf(entry, places, isOpen ? envelope : undefined))
  }
  return proofs
}

/** Every outcome of a document, oldest first, the first 1 000 of them. */
export async function outcomeProofs(
  reader: Reader,
  places: PlaceProofs,
  { id }: HappeningDocument,
): Promise<readonly EntryProof[]> {
  const outcomes = reader.selectFrom('outcomes').select('idx').where('document', '=', id)
  const rows = await outcomes.orderBy('idx').limit(maxEntryProofs).execute()
  const proofs: EntryProof[] = []
  for await (const entry of entriesAt(reader, rows)) proofs.push(await proofOf(entry, places, envelopeOf(entry)))
  return proofs
}

/** One entry, with what it says. */
export async function readEntryProof(reader: Reader, index: number): Promise<EntryProof> {
  for await (const entry of entriesAt(reader, [{ idx: index }]))
    return await proofOf(entry, createPlaceProofs(reader), envelopeOf(entry))
  throw new Error(`no entry ${index}: the store is damaged`)
}

type Entry = Pick<EntryRow, 'idx' | 'leaf' | 'envelope' | 'salt'>

async function* entriesAt(reader: Reader, rows: readonly Pick<EntryRow, 'idx'>[]): AsyncGenerator<Entry, void> {
  for (let at = 0; at < rows.length; at += askedAtOnce) {
    const numbers = rows.slice(at, at + askedAtOnce).map(({ idx }) => idx)
    const entries = reader.selectFrom('entries').select(['idx', 'leaf', 'envelope', 'salt'])
    yield* await entries.where('idx', 'in', numbers).orderBy('idx').execute()
  }
}

/** Undefined when what opened the entry was erased. */
function envelopeOf({ envelope }: Entry): Envelope | undefined {
  return envelope.length === 0 ? undefined : (JSON.parse(Buffer.from(envelope).toString()) as Envelope)
}

/** @param envelope undefined: it is kept back with its salt */
async function proofOf(
  { idx, leaf, salt }: Entry,
  places: PlaceProofs,
  envelope: Envelope | undefined,
): Promise<EntryProof> {
  const { tlogProof, token } = await places.of(idx)
  return {
    format: entryProofFormat,
    ...(envelope ? { envelope, salt: Buffer.from(salt).toString('base64') } : {}),
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
