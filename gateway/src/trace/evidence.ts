import { type CoveredFile, envelopeFile, jcsBytes, manifestFile, signatureFile } from '@socle/schemas'
import type { ContainerParts, ErasedParts, WholeParts } from '../audit/container-layout.ts'
import type { Hub } from '../hub.ts'
import { readCoverage } from '../record/evidence-record-parts.ts'
import { timedSeal } from '../record/seal-token.ts'
import type { SealTokens } from '../record/seal-token-asker.ts'
import { witnessedReceipt } from '../record/witness-receipt.ts'
import { erasureOf } from '../store/erasures.ts'
import { type HappeningDocument, readContent } from '../store/happenings.ts'
import { deliveryProofs, outcomeProofs, readEntryProof } from './entry-proofs.ts'
import { createPlaceProofs } from './place-proofs.ts'

/** What a seal proves of time: that of the hub's clock (B), or of an outside clock too (T). No seal is left once erased. */
export type SealLevel = 'CAdES-B' | 'CAdES-T' | 'none'

export interface Evidence {
  readonly parts: ContainerParts
  readonly level: SealLevel
}

/**
 * Everything that proves a document offline, as the parts of its container: bytes, envelope, seal, place in the log,
 * deliveries and outcomes. Once a checkpoint over an entry is stamped, the proof leads to that one, so that the container
 * speaks of time too. The same state of the ledger gives the same parts.
 * @throws HubError DOCUMENT_NOT_FOUND
 */
export async function evidenceOf(
  hub: Pick<Hub, 'store' | 'config'>,
  tokens: SealTokens,
  document: HappeningDocument,
): Promise<Evidence> {
  const { reader } = hub.store
  const erasure = await erasureOf(reader, document.id)
  if (erasure) return { parts: await erasedParts(hub, document.index, erasure.idx), level: 'none' }
  const receipt = await witnessedReceipt(hub, document.index)
  // Damaged bytes go in as well: the container itself says that they are not those that were sealed.
  const bytes = (await readContent(hub.store, document.id))?.bytes
  const name = receipt.envelope.content?.name
  const places = createPlaceProofs(reader)
  const { tlogProof, token } = await places.of(document.index)
  const sealed = {
    ...(bytes && name !== undefined ? { document: { name, bytes } } : {}),
    envelope: jcsBytes(receipt.envelope),
    manifest: receipt.seal.manifest,
    signature: Buffer.from(receipt.seal.signature, 'base64'),
  }
  const coverage = await readCoverage(reader, document.index)
  // An evidence record is over the signature as it was: it keeps its level.
  const sealToken = coverage?.level === 'B' ? undefined : await tokens.of(document.index)
  const timed = sealToken ? { timedSignature: timedSeal(sealed.signature, sealToken) } : {}
  const parts = {
    ...sealed,
    ...timed,
    ...(coverage ? { evidenceRecord: coverage.partsOver(coveredFiles({ ...sealed, ...timed })) } : {}),
    receipt,
    leaf: receipt.leaf,
    tlogProof,
    ...(token ? { checkpointTsr: token } : {}),
    deliveries: await deliveryProofs(reader, places, document),
    outcomes: await outcomeProofs(reader, places, document),
  }
  return { parts, level: sealToken ? 'CAdES-T' : 'CAdES-B' }
}

/** What an evidence record is over, in its order. */
function coveredFiles(
  parts: Pick<WholeParts, 'document' | 'envelope' | 'manifest' | 'signature' | 'timedSignature'>,
): readonly CoveredFile[] {
  return [
    ...(parts.document ? [parts.document] : []),
    { name: envelopeFile, bytes: parts.envelope },
    { name: manifestFile, bytes: Buffer.from(parts.manifest) },
    { name: signatureFile, bytes: parts.timedSignature ?? parts.signature },
  ]
}

/** What is left of an erased document: that it was there, when, and the entry that says which decision erased it. */
async function erasedParts({ store }: Pick<Hub, 'store'>, index: number, erasedBy: number): Promise<ErasedParts> {
  const { reader } = store
  const { leaf } = await reader.selectFrom('entries').select('leaf').where('idx', '=', index).executeTakeFirstOrThrow()
  const { tlogProof, token } = await createPlaceProofs(reader).of(index)
  return {
    leaf: Buffer.from(leaf).toString(),
    tlogProof,
    ...(token ? { checkpointTsr: token } : {}),
    erasure: await readEntryProof(reader, erasedBy),
  }
}
