import { foldRight, type Hash, type NodeRef, nodeHash, type ProofPlan } from './merkle.ts'
import { ProofError } from './proof-error.ts'

/** Reads tile hashes [from, to) of one tile level: level 0 is the leaf hashes, level k the complete subtrees of 256^k leaves. */
export type ReadTileHashes = (tileLevel: number, from: number, to: number) => Promise<readonly Hash[]>

/**
 * Fills a plan from stored tile hashes, for any old leaf at any old size. A node between two tile levels is rebuilt
 * from at most 128 hashes of the tile level below it.
 * @throws ProofError when the store gives fewer hashes than the tree needs
 */
export async function resolvePlanFromTiles(plan: ProofPlan, read: ReadTileHashes): Promise<Hash[]> {
  const path: Hash[] = []
  for (const refs of plan) {
    const hashes: Hash[] = []
    for (const ref of refs) hashes.push(await nodeFromTiles(ref, read))
    path.push(foldRight(hashes))
  }
  return path
}

/** The hash of one complete subtree, from the tile level at or below it. */
export async function nodeFromTiles({ level, index }: NodeRef, read: ReadTileHashes): Promise<Hash> {
  const tileLevel = Math.floor(level / 8)
  const width = 2 ** (level % 8)
  let hashes = await read(tileLevel, index * width, (index + 1) * width)
  if (hashes.length !== width) {
    throw new ProofError(`tile level ${tileLevel} lacks hashes ${index * width} to ${(index + 1) * width}`)
  }
  while (hashes.length > 1) hashes = halve(hashes)
  const [node] = hashes
  if (node === undefined) throw new ProofError(`tile level ${tileLevel} is empty`)
  return node
}

function halve(hashes: readonly Hash[]): Hash[] {
  const parents: Hash[] = []
  for (let at = 0; at + 1 < hashes.length; at += 2) {
    const left = hashes[at]
    const right = hashes[at + 1]
    if (left !== undefined && right !== undefined) parents.push(nodeHash(left, right))
  }
  return parents
}
