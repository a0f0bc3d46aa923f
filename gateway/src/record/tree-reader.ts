import { foldRight, type Hash, inclusionPlan, leafHash, nodeHash } from '@socle/schemas'
import type { Reader } from '../store/database.ts'

/** Leaf hashes of entries [from, to), in order. */
export async function readLeafHashes(reader: Reader, from: number, to: number): Promise<Hash[]> {
  const rows = await reader
    .selectFrom('entries')
    .select('leaf')
    .where('idx', '>=', from)
    .where('idx', '<', to)
    .orderBy('idx')
    .execute()
  return rows.map((row) => leafHash(row.leaf))
}

/** Hashes of completed tiles [from, to) of a tile level (256^level leaves each); level 0 is the leaves. */
export async function readTileHashes(reader: Reader, level: number, from: number, to: number): Promise<Hash[]> {
  if (level === 0) return await readLeafHashes(reader, from, to)
  const rows = await reader
    .selectFrom('tree_nodes')
    .select('hash')
    .where('level', '=', level)
    .where('idx', '>=', from)
    .where('idx', '<', to)
    .orderBy('idx')
    .execute()
  return rows.map((row) => row.hash)
}

/** Inclusion path (base64) of a leaf in the tree as it was at `size`, from what the store keeps: leaves and completed tiles. */
export async function readInclusionPath(reader: Reader, index: number, size: number): Promise<string[]> {
  const path: string[] = []
  for (const nodes of inclusionPlan(index, size)) {
    const hashes: Hash[] = []
    for (const { level, index: at } of nodes) hashes.push(await readNode(reader, level, at))
    path.push(Buffer.from(foldRight(hashes)).toString('base64'))
  }
  return path
}

/** A complete subtree at a binary level, folded from the tile hashes at most 128 below it. */
async function readNode(reader: Reader, level: number, index: number): Promise<Hash> {
  const above = level % 8
  const width = 2 ** above
  let hashes = await readTileHashes(reader, (level - above) / 8, index * width, (index + 1) * width)
  if (hashes.length !== width)
    throw new Error(`the store lacks nodes below level ${level}, index ${index}: it is damaged`)
  while (hashes.length > 1) hashes = pairs(hashes)
  const [root] = hashes
  if (!root) throw new Error('a subtree has at least one node')
  return root
}

function pairs(hashes: readonly Hash[]): Hash[] {
  const parents: Hash[] = []
  for (let i = 0; i + 1 < hashes.length; i += 2) {
    const left = hashes[i]
    const right = hashes[i + 1]
    if (left && right) parents.push(nodeHash(left, right))
  }
  return parents
}
