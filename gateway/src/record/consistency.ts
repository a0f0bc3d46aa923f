import {
  completeNodes,
  consistencyPlan,
  emptyRoot,
  foldRight,
  type Hash,
  ProofError,
  resolvePlanFromTiles,
  verifyConsistency,
} from '@socle/schemas'
import type { Reader } from '../store/database.ts'
import { logOf } from '../store/shards.ts'
import { tilesOf } from './tree-reader.ts'

/**
 * Consistency proof between two sizes of the log, from what the store keeps, and checked here against the root to
 * be shown: a damaged tile must never look to others as if the log had been rewritten.
 * @param head size and root of the later checkpoint
 * @param first number of the log's first entry in the ledger; the sizes are the log's own
 * @throws ProofError when the store does not prove its own checkpoint
 */
export async function readConsistencyProof(
  reader: Reader,
  old: number,
  head: { readonly size: number; readonly root: Hash },
  first: number,
): Promise<readonly Hash[]> {
  const read = tilesOf(reader, await logOf(reader, first))
  const proof = await resolvePlanFromTiles(consistencyPlan(old, head.size), read)
  const root = old === 0 ? emptyRoot() : foldRight(await resolvePlanFromTiles([completeNodes(0, old)], read))
  if (!verifyConsistency({ size: old, root }, head, proof))
    throw new ProofError(`the store does not prove its own checkpoint at ${head.size} from ${old}: it is damaged`)
  return proof
}
