import { formatTlogProof, jcsBytes } from '@socle/schemas'
import { writeContainer } from '../audit/container.ts'
import type { Hub } from '../hub.ts'
import { laterReceipt } from '../record/receipt.ts'
import { type HappeningDocument, readContent } from '../store/happenings.ts'

/** The ASiC-E container of a document: its bytes, envelope and seal, with the proof files an auditor needs offline. */
export async function evidenceOf(hub: Pick<Hub, 'store'>, document: HappeningDocument): Promise<Uint8Array> {
  const { reader } = hub.store
  const receipt = await laterReceipt(reader, document.index)
  const content = await readContent(reader, document.id)
  const stamp = await reader
    .selectFrom('checkpoints')
    .select('token')
    .where('size', '=', receipt.proof.size)
    .executeTakeFirst()
  const { index, path } = receipt.proof
  return await writeContainer({
    ...(content ? { document: content } : {}),
    envelope: jcsBytes(receipt.envelope),
    manifest: receipt.seal.manifest,
    signature: Buffer.from(receipt.seal.signature, 'base64'),
    receipt,
    leaf: receipt.leaf,
    tlogProof: formatTlogProof({ index, path, checkpoint: receipt.checkpoint }),
    ...(stamp?.token ? { checkpointTsr: stamp.token } : {}),
  })
}
