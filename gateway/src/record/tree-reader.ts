import { type Hash, inclusionPlan, leafHash, resolvePlanFromTiles, toBase64 } from '@socle/schemas'
import type { Reader } from '../store/database.ts'

/** Leaf bytes of entries [from, to), in order. */
export async function readLeaves(reader: Reader, from: number, to: number): Promise<Uint8Array[]> {
  const entries = reader.selectFrom('entries').select('leaf').where('idx', '>=', from).where('idx', '<', to)
  return (await entries.orderBy('idx').execute()).map((row) => row.leaf)
}

/** Hashes of completed tiles [from, to) of a tile level (256^level leaves each); level 0 is the leaves. */
export async function readTileHashes(reader: Reader, level: number, from: number, to: number): Promise<Hash[]> {
  if (level === 0) return (await readLeaves(reader, from, to)).map(leafHash)
  const nodes = reader.selectFrom('tree_nodes').select('hash').where('level', '=', level)
  const rows = await nodes.where('idx', '>=', from).where('idx', '<', to).orderBy('idx').execute()
  return rows.map((row) => row.hash)
}

/** Inclusion path (base64) of a leaf in the tree as it was at `size`, from what the store keeps: leaves and completed tiles. */
export async function readInclusionPath(reader: Reader, index: number, size: number): Promise<string[]> {
  const read = async (level: number, from: number, to: number): Promise<Hash[]> =>
    await readTileHashes(reader, level, from, to)
  return (await resolvePlanFromTiles(inclusionPlan(index, size), read)).map(toBase64)
}
