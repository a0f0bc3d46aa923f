import type { Receipt } from '@socle/schemas'
import type { Config } from '../config.ts'
import type { Hub } from '../hub.ts'
import { cosignedNote, firstWitnessedSize, type QuorumOf } from '../store/cosignatures.ts'
import { logOf } from '../store/shards.ts'
import { laterReceipt } from './receipt.ts'
import { readLogProof } from './tree-reader.ts'

/** What the hub's settings call a quorum, as the table of cosignatures names witnesses. */
function quorumOf({ servers: { watch } }: Config): QuorumOf {
  return { witnesses: watch.witnesses.map(({ vkey }) => vkey.split('+', 2).join('+')), quorum: watch.quorum }
}

/**
 * The receipt of an entry recorded earlier, leading to the first checkpoint over it that a quorum cosigned, with its
 * cosignatures. Until there is one: that of the first time.
 * @throws HubError DOCUMENT_NOT_FOUND
 */
export async function witnessedReceipt(hub: Pick<Hub, 'store' | 'config'>, index: number): Promise<Receipt> {
  const { reader } = hub.store
  const receipt = await laterReceipt(reader, index)
  const size = await firstWitnessedSize(reader, index, quorumOf(hub.config))
  // A log that ended before a quorum saw it all is not proved by the next one's checkpoints.
  if (size === undefined || size > ((await logOf(reader, index)).end ?? size)) return receipt
  const checkpoint = await cosignedNote(reader, size)
  if (checkpoint === undefined) return receipt
  const { path, ...place } = await readLogProof(reader, index, size)
  return { ...receipt, proof: { ...place, path: [...path] }, checkpoint }
}

/** As its sender asks for it again: the witnessed one in the mode `receipt`, that of the first time in the other. */
export async function receiptWithQuorum(hub: Pick<Hub, 'store' | 'config'>, index: number): Promise<Receipt> {
  const isWitnessed = hub.config.servers.watch.mode === 'receipt'
  return isWitnessed ? await witnessedReceipt(hub, index) : await laterReceipt(hub.store.reader, index)
}
