import type { Receipt } from '@socle/schemas'
import type { Config } from '../config.ts'
import type { Hub } from '../hub.ts'
import { cosignedNote, firstWitnessedSize, type QuorumOf } from '../store/cosignatures.ts'
import { laterReceipt } from './receipt.ts'
import { readInclusionPath } from './tree-reader.ts'

/** What the hub's settings call a quorum, as the table of cosignatures names witnesses. */
export function quorumOf({ servers: { watch } }: Config): QuorumOf {
  return { witnesses: watch.witnesses.map(({ vkey }) => vkey.split('+', 2).join('+')), quorum: watch.quorum }
}

/**
 * The receipt of an entry recorded earlier. In the mode `receipt`, once a quorum has cosigned a checkpoint over it: the same
 * receipt leading to that checkpoint, with its cosignatures. Until then, and in the other mode: that of the first time.
 * @throws HubError DOCUMENT_NOT_FOUND
 */
export async function receiptWithQuorum(hub: Pick<Hub, 'store' | 'config'>, index: number): Promise<Receipt> {
  const { reader } = hub.store
  const receipt = await laterReceipt(reader, index)
  if (hub.config.servers.watch.mode !== 'receipt') return receipt
  const size = await firstWitnessedSize(reader, index, quorumOf(hub.config))
  const checkpoint = size === undefined ? undefined : await cosignedNote(reader, size)
  if (size === undefined || checkpoint === undefined) return receipt
  const path = await readInclusionPath(reader, index, size)
  return { ...receipt, proof: { index: receipt.proof.index, size: sizeIn(checkpoint), path }, checkpoint }
}

/** The log's own size: second line of the note. */
function sizeIn(note: string): number {
  return Number(note.split('\n', 2)[1])
}
