import { type CoveredFile, type Envelope, envelopeFile, manifestFile, manifestOf, signatureFile } from '@socle/schemas'
import { withSignatureTimestamp } from '../keys/cms-timestamp.ts'
import type { Reader } from '../store/database.ts'

/** A document's files but its bytes, as a container would hold them. */
export interface SealedFiles {
  readonly index: number
  readonly id: string
  readonly kind: string
  /** `T`: the seal has its timestamp by now. */
  readonly level: 'B' | 'T'
  /** Of the document in the container. */
  readonly name: string
  /** Of its bytes, hexadecimal. */
  readonly sha256: string
  /** With the signature at a level; `T` needs the timestamp. */
  readonly restAt: (level: 'B' | 'T') => readonly CoveredFile[]
}

/** Documents that were not erased in [from, to), oldest first, at most `limit`. Entries of other kinds have no container. */
export async function readSealedFiles(
  reader: Reader,
  from: number,
  to: number,
  limit: number,
): Promise<readonly SealedFiles[]> {
  const rows = await reader
    .selectFrom('documents')
    .innerJoin('entries', 'entries.idx', 'documents.idx')
    .leftJoin('seal_tokens', 'seal_tokens.idx', 'documents.idx')
    .select(['documents.idx', 'documents.kind', 'entries.id', 'entries.envelope', 'entries.seal', 'seal_tokens.token'])
    .where('documents.idx', '>=', from)
    .where('documents.idx', '<', to)
    .where('entries.seal', 'is not', null)
    .orderBy('documents.idx')
    .limit(limit)
    .execute()
  return rows.flatMap(({ idx, id, kind, envelope, seal, token }) =>
    seal === null ? [] : [sealedFiles({ index: idx, id, kind, envelope, seal, token })],
  )
}

interface SealedRow {
  readonly index: number
  readonly id: string
  readonly kind: string
  readonly envelope: Uint8Array
  readonly seal: Uint8Array
  readonly token: Uint8Array | null
}

function sealedFiles({ index, id, kind, envelope: bytes, seal, token }: SealedRow): SealedFiles {
  const envelope = JSON.parse(Buffer.from(bytes).toString('utf8')) as Envelope
  if (!envelope.content) throw new Error(`document ${id} has an envelope without content: the store is damaged`)
  return {
    index,
    id,
    kind,
    level: token ? 'T' : 'B',
    name: envelope.content.name,
    sha256: envelope.content.sha256,
    restAt: (level) => {
      if (level === 'T' && !token) throw new Error(`the seal of ${id} has lost its timestamp: the store is damaged`)
      return [
        { name: envelopeFile, bytes },
        { name: manifestFile, bytes: Buffer.from(manifestOf(envelope, bytes)) },
        { name: signatureFile, bytes: level === 'T' && token ? withSignatureTimestamp(seal, token) : seal },
      ]
    },
  }
}
