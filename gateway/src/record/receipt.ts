import { type Envelope, manifestOf, type Receipt } from '@socle/schemas'
import { erased, HubError } from '../errors.ts'
import type { Reader } from '../store/database.ts'
import { erasureOf } from '../store/erasures.ts'
import type { Appended } from './entry.ts'
import type { Sealed } from './record.ts'
import { type LogProof, readLogProof } from './tree-reader.ts'

/** What a receipt is made of, whether the entry was appended a moment ago or ten years ago. */
interface ReceiptParts {
  readonly envelope: Envelope
  readonly manifest: string
  readonly salt: Uint8Array
  readonly leaf: Uint8Array
  readonly seal: Uint8Array
  readonly proof: LogProof
  readonly checkpoint: string
}

/** The same parts give the same bytes: a replay is answered with the receipt of the first time. */
function receiptOf(parts: ReceiptParts): Receipt {
  return {
    format: 'socle-receipt/v1',
    environment: parts.envelope.environment,
    state: parts.envelope.kind === 'doc' ? 'recorded' : 'refused',
    id: parts.envelope.id,
    envelope: parts.envelope,
    salt: base64(parts.salt),
    leaf: Buffer.from(parts.leaf).toString('utf8'),
    proof: { ...parts.proof, path: [...parts.proof.path] },
    checkpoint: parts.checkpoint,
    seal: { manifest: parts.manifest, signature: base64(parts.seal) },
  }
}

/** The receipt of an entry numbered a moment ago. */
export function firstReceipt(sealed: Sealed, appended: Appended & { result: 'recorded' }): Receipt {
  const { entry, manifest } = sealed
  // Read back from its canonical bytes: a replay, which has only those, then gives the same text to the letter.
  const envelope = JSON.parse(Buffer.from(entry.envelope).toString('utf8')) as Envelope
  if (!entry.seal) throw new Error('only sealed entries have a receipt')
  const { first, path, checkpoint } = appended
  const proof = { index: appended.index - first, size: appended.size - first, path }
  return receiptOf({ envelope, manifest, salt: entry.salt, leaf: entry.leaf, seal: entry.seal, proof, checkpoint })
}

/**
 * The receipt of an entry recorded earlier, rebuilt from the log as it was at its own checkpoint.
 * @throws HubError DOCUMENT_NOT_FOUND when the entry has no receipt (only documents and refusals do); DOCUMENT_ERASED
 */
export async function laterReceipt(reader: Reader, index: number): Promise<Receipt> {
  const entry = await reader.selectFrom('entries').selectAll().where('idx', '=', index).executeTakeFirst()
  const erasure = entry && !entry.seal ? await erasureOf(reader, entry.id) : undefined
  if (erasure) throw erased(erasure)
  if (!entry?.seal) throw new HubError('DOCUMENT_NOT_FOUND')
  const checkpoint = await reader
    .selectFrom('checkpoints')
    .select('note')
    .where('size', '=', entry.checkpoint_size)
    .executeTakeFirstOrThrow()
  const envelope = JSON.parse(Buffer.from(entry.envelope).toString('utf8')) as Envelope
  return receiptOf({
    envelope,
    manifest: manifestOf(envelope),
    salt: entry.salt,
    leaf: entry.leaf,
    seal: entry.seal,
    proof: await readLogProof(reader, entry.idx, entry.checkpoint_size),
    checkpoint: checkpoint.note,
  })
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64')
}
