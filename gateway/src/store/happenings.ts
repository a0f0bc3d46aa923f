import { createHash } from 'node:crypto'
import type { Kind } from '@socle/schemas'
import type { Reader } from './database.ts'
import { erasureAt } from './erasures.ts'
import { type StoredBytes, storedAs, type Vault, VaultError } from './vault.ts'

/** What subscribers are told of: a document accepted, a recipient's result on one, its erasure. In log order, with its leaf. */
export type Happening =
  | ({ readonly what: 'document'; readonly leaf: Uint8Array } & HappeningDocument)
  | {
      readonly what: 'outcome'
      readonly leaf: Uint8Array
      readonly index: number
      readonly at: string
      readonly outcome: {
        readonly id: string
        readonly account: string
        readonly result: string
        readonly url: string
        readonly reason: string
      }
      readonly document: HappeningDocument
    }
  | {
      readonly what: 'erasure'
      readonly leaf: Uint8Array
      readonly index: number
      readonly at: string
      /** Of the `era` entry. */
      readonly id: string
      readonly document: HappeningDocument
      /** Accounts that the document was delivered to: told whatever their rights are now. */
      readonly recipients: readonly string[]
    }

/** A document without its bytes. */
export interface HappeningDocument {
  readonly index: number
  readonly id: string
  readonly at: string
  readonly kind: Kind
  readonly account: string
  readonly buyer: string
  readonly consultation: string
  readonly sourceKey: string
  readonly format: string
  readonly version: string
  readonly mediaType: string
  readonly size: number
  readonly sha256: string
  /** Then there are no bytes, `sourceKey` and `sha256` are empty, and nothing may be shown that was derived before. */
  readonly erased?: { readonly at: string; readonly decision: string }
}

const columns = [
  'documents.idx as index',
  'documents.id',
  'entries.at',
  'documents.kind',
  'documents.account',
  'documents.buyer',
  'documents.consultation',
  'documents.source_key as sourceKey',
  'documents.format',
  'documents.version',
  'documents.media_type as mediaType',
  'documents.size',
  'documents.sha256',
  'erasures.at as erasedAt',
  'erasures.decision as erasedBy',
] as const

/** Documents, outcomes and erasures in [from, to) of the log, at most `limit` of them, oldest first. */
export async function readHappenings(
  reader: Reader,
  from: number,
  to: number,
  limit: number,
): Promise<readonly Happening[]> {
  const rows = await reader
    .selectFrom('entries')
    .leftJoin('documents', 'documents.idx', 'entries.idx')
    .leftJoin('erasures', 'erasures.document', 'documents.id')
    .select(['entries.idx', 'entries.id as entry', 'entries.kind as entryKind', 'entries.leaf', ...columns])
    .where('entries.idx', '>=', from)
    .where('entries.idx', '<', to)
    .where('entries.kind', 'in', ['doc', 'out', 'era'])
    .orderBy('entries.idx')
    .limit(limit)
    .execute()
  const happenings: Happening[] = []
  for (const { idx, entry, entryKind, leaf, ...document } of rows) {
    if (isWhole(document)) happenings.push({ what: 'document', leaf, ...asDocument(document) })
    if (entryKind === 'out') happenings.push(await readOutcome(reader, { idx, id: entry, at: document.at, leaf }))
    if (entryKind === 'era') happenings.push(...(await readErasure(reader, { idx, id: entry, at: document.at, leaf })))
  }
  return happenings
}

type DocumentColumns = Omit<HappeningDocument, 'kind' | 'erased'> & {
  readonly kind: string
  readonly erasedAt: string | null
  readonly erasedBy: string | null
}

/** An entry that is no document has nothing but nulls in a document's columns. */
function isWhole(row: {
  readonly [Column in keyof DocumentColumns]: DocumentColumns[Column] | null
}): row is DocumentColumns {
  return row.index !== null
}

interface Entry {
  readonly idx: number
  readonly id: string
  readonly at: string
  readonly leaf: Uint8Array
}

/** Of a refusal nobody was told, and nobody is told now. */
async function readErasure(reader: Reader, { idx: index, id, at, leaf }: Entry): Promise<readonly Happening[]> {
  const erasure = await erasureAt(reader, index)
  const document = erasure && (await findDocument(reader, erasure.document))
  if (!document) return []
  const deliveries = reader.selectFrom('deliveries').select('recipient').where('document', '=', document.id)
  const recipients = (await deliveries.distinct().execute()).map(({ recipient }) => recipient)
  return [{ what: 'erasure', index, id, at, leaf, document, recipients }]
}

async function readOutcome(reader: Reader, entry: Entry): Promise<Happening> {
  const outcome = await reader.selectFrom('outcomes').selectAll().where('id', '=', entry.id).executeTakeFirstOrThrow()
  const document = await findDocument(reader, outcome.document)
  if (!document) throw new Error(`outcome ${outcome.id} is about a document that is not there: the store is damaged`)
  const { id, account, result, url, reason } = outcome
  const { idx: index, at, leaf } = entry
  return { what: 'outcome', index, at, leaf, outcome: { id, account, result, url, reason }, document }
}

export async function findDocument(reader: Reader, id: string): Promise<HappeningDocument | undefined> {
  const row = await reader
    .selectFrom('documents')
    .innerJoin('entries', 'entries.idx', 'documents.idx')
    .leftJoin('erasures', 'erasures.document', 'documents.id')
    .select(columns)
    .where('entries.id', '=', id)
    .executeTakeFirst()
  return row && asDocument(row)
}

/** Every document of a consultation, oldest first, however many there are. @param page rows read in one go */
export async function documentsOfConsultation(
  reader: Reader,
  consultation: string,
  page = 10_000,
): Promise<readonly HappeningDocument[]> {
  const found: HappeningDocument[] = []
  for (let from = 0; ; from = (found.at(-1)?.index ?? 0) + 1) {
    const rows = await reader
      .selectFrom('documents')
      .innerJoin('entries', 'entries.idx', 'documents.idx')
      .leftJoin('erasures', 'erasures.document', 'documents.id')
      .select(columns)
      .where('documents.consultation', '=', consultation)
      .where('documents.idx', '>=', from)
      .orderBy('documents.idx')
      .limit(page)
      .execute()
    for (const row of rows) found.push(asDocument(row))
    if (rows.length < page) return found
  }
}

/** The bytes of a document. `whole`: they are those that were received, by the digest that was taken then. */
export interface StoredContent {
  readonly bytes: Uint8Array
  readonly whole: boolean
}

/**
 * The one door to the bytes of a document, whatever they are stored as. Undefined when there is no such document; an
 * erased one has no bytes, and is not whole.
 */
export async function readContent(
  { reader, vault }: { readonly reader: Reader; readonly vault: Vault },
  id: string,
): Promise<StoredContent | undefined> {
  const row = await reader
    .selectFrom('entries')
    .innerJoin('documents', 'documents.idx', 'entries.idx')
    .leftJoin('consultation_keys', 'consultation_keys.consultation', 'documents.consultation')
    .where('entries.id', '=', id)
    .select(['documents.content', 'documents.sha256', 'documents.stored_as', 'documents.data_key'])
    .select(['documents.consultation', 'consultation_keys.wrapped_key'])
    .executeTakeFirst()
  return row && openContent(vault, id, row)
}

/** What is read of a document and of its consultation's key. */
interface ContentRow extends StoredBytes {
  readonly sha256: string
  readonly stored_as: string
  readonly consultation: string
  readonly wrapped_key: Uint8Array | null
}

function openContent(vault: Vault, id: string, row: ContentRow): StoredContent {
  const bytes = row.stored_as === storedAs ? openBytes(vault, id, row) : row.content
  return { bytes, whole: createHash('sha256').update(bytes).digest('hex') === row.sha256 }
}

/** Damaged bytes are given as far as they open: their digest tells. */
function openBytes(vault: Vault, id: string, row: ContentRow): Uint8Array {
  try {
    return row.wrapped_key
      ? vault.open(id, row, vault.openConsultationKey(row.consultation, row.wrapped_key)).bytes
      : new Uint8Array(0)
  } catch (error) {
    if (error instanceof VaultError) return new Uint8Array(0)
    throw error
  }
}

function asDocument({ erasedAt: at, erasedBy: decision, ...row }: DocumentColumns): HappeningDocument {
  const document = { ...row, kind: row.kind as Kind }
  return at === null || decision === null ? document : { ...document, erased: { at, decision } }
}
