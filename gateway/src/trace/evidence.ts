import { formatTlogProof, jcsBytes } from '@socle/schemas'
import { writeContainer } from '../audit/container.ts'
import type { Hub } from '../hub.ts'
import { laterReceipt } from '../record/receipt.ts'
import { readInclusionPath } from '../record/tree-reader.ts'
import type { Reader } from '../store/database.ts'
import { type HappeningDocument, readContent } from '../store/happenings.ts'

/**
 * The ASiC-E container of a document: its bytes, envelope and seal, with the proof files an auditor needs offline. Once
 * a checkpoint over the document is stamped, the proof leads to that one, so that the container speaks of time too.
 */
export async function evidenceOf(hub: Pick<Hub, 'store'>, document: HappeningDocument): Promise<Uint8Array> {
  const { reader } = hub.store
  const receipt = await laterReceipt(reader, document.index)
  // Damaged bytes go in as well: the container itself says that they are not those that were sealed.
  const bytes = (await readContent(reader, document.id))?.bytes
  const name = receipt.envelope.content?.name
  const stamped = await firstStamped(reader, document.index)
  const { index } = receipt.proof
  const tlogProof = stamped
    ? formatTlogProof({ index, path: await readInclusionPath(reader, index, stamped.size), checkpoint: stamped.note })
    : formatTlogProof({ index, path: receipt.proof.path, checkpoint: receipt.checkpoint })
  return await writeContainer({
    ...(bytes && name !== undefined ? { document: { name, bytes } } : {}),
    envelope: jcsBytes(receipt.envelope),
    manifest: receipt.seal.manifest,
    signature: Buffer.from(receipt.seal.signature, 'base64'),
    receipt,
    leaf: receipt.leaf,
    tlogProof,
    ...(stamped ? { checkpointTsr: stamped.token } : {}),
  })
}

/** The first checkpoint over an entry that an outside clock stamped. */
async function firstStamped(
  reader: Reader,
  index: number,
): Promise<{ size: number; note: string; token: Uint8Array } | undefined> {
  const row = await reader
    .selectFrom('checkpoints')
    .select(['size', 'note', 'token'])
    .where('size', '>', index)
    .where('token', 'is not', null)
    .orderBy('size')
    .limit(1)
    .executeTakeFirst()
  return row?.token ? { size: row.size, note: row.note, token: row.token } : undefined
}
