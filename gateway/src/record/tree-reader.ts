import {
  inclusionPlan,
  leafHash,
  ProofError,
  type ReadTileHashes,
  resolvePlanFromTiles,
  toBase64,
} from '@socle/schemas'
import type { Reader } from '../store/database.ts'
import { type LogPlace, logOf, tileRow } from '../store/shards.ts'

/** Leaf bytes of the ledger's entries [from, to), in order. */
export async function readLeaves(reader: Reader, from: number, to: number): Promise<Uint8Array[]> {
  const entries = reader.selectFrom('entries').select('leaf').where('idx', '>=', from).where('idx', '<', to)
  return (await entries.orderBy('idx').execute()).map((row) => row.leaf)
}

/**
 * Hashes of one log's completed tiles [from, to) of a tile level (256^level leaves each), by its own count; level 0 is its
 * leaves.
 */
export function tilesOf(reader: Reader, place: LogPlace): ReadTileHashes {
  return async (level, from, to) => {
    if (level === 0) return (await readLeaves(reader, place.first + from, place.first + to)).map(leafHash)
    const nodes = reader.selectFrom('tree_nodes').select('hash').where('level', '=', level)
    const ours = nodes.where('idx', '>=', tileRow(place, from)).where('idx', '<', tileRow(place, to))
    return (await ours.orderBy('idx').execute()).map((row) => row.hash)
  }
}

/** Where a leaf stands in its log, and its way to the root. */
export interface LogProof {
  /** In the log. */
  readonly index: number
  /** Of the log, at the checkpoint. */
  readonly size: number
  /** Base64, sibling of the leaf first. */
  readonly path: readonly string[]
}

/**
 * Proof of an entry under a checkpoint of its log, from what the store keeps: leaves and completed tiles.
 * @param number of the entry, and `size` of the checkpoint's row, both in the ledger
 * @throws ProofError when the checkpoint is another log's
 */
export async function readLogProof(reader: Reader, number: number, size: number): Promise<LogProof> {
  const place = await logOf(reader, number)
  if (size > (place.end ?? size)) throw new ProofError(`entry ${number} is not in the log of the checkpoint at ${size}`)
  const [index, logSize] = [number - place.first, size - place.first]
  const path = await resolvePlanFromTiles(inclusionPlan(index, logSize), tilesOf(reader, place))
  return { index, size: logSize, path: path.map(toBase64) }
}
