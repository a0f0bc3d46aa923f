import { completeNodes, foldRight, type Hash, nodeHash, type Tile, tileWidth } from '@socle/schemas'

/** Grows a tiled tree from its leaf hashes, holding one tile a level: a million leaves cost three tiles of memory. */
export interface TileStack {
  /** Adds the next leaf hash. */
  push(leafHash: Hash): Promise<void>
  /** Gives out the partial tiles and the root. */
  finish(): Promise<Hash>
}

/** @param emit receives each tile once, full ones as soon as they are, with its hashes one after the other */
export function createTileStack(emit: (tile: Tile, hashes: Buffer) => Promise<void>): TileStack {
  const levels: { done: number; hashes: Hash[] }[] = []
  const add = async (level: number, hash: Hash): Promise<void> => {
    const current = (levels[level] ??= { done: 0, hashes: [] })
    current.hashes.push(hash)
    if (current.hashes.length < tileWidth) return
    await emit({ level, index: current.done, width: tileWidth }, Buffer.concat(current.hashes))
    const root = subtreeRoot(current.hashes)
    current.done += 1
    current.hashes = []
    await add(level + 1, root)
  }
  return {
    push: async (leafHash) => await add(0, leafHash),
    async finish() {
      for (const [level, { done, hashes }] of levels.entries()) {
        if (hashes.length > 0) await emit({ level, index: done, width: hashes.length }, Buffer.concat(hashes))
      }
      return foldRight(levels.toReversed().flatMap(({ hashes }) => completeSubtrees(hashes)))
    },
  }
}

function completeSubtrees(hashes: readonly Hash[]): Hash[] {
  return completeNodes(0, hashes.length).map(({ level, index }) => {
    const width = 2 ** level
    return subtreeRoot(hashes.slice(index * width, (index + 1) * width))
  })
}

/** Root of a power of two of hashes. */
function subtreeRoot(hashes: readonly Hash[]): Hash {
  if (hashes.length === 1) return foldRight(hashes)
  const middle = hashes.length / 2
  return nodeHash(subtreeRoot(hashes.slice(0, middle)), subtreeRoot(hashes.slice(middle)))
}
