import { completeNodes, foldRight, type Hash, ProofError, subtreeRoot, type Tile, tileWidth } from '@socle/schemas'

/** A tile that is complete, or the last one of its level. */
export interface FinishedTile {
  readonly tile: Tile
  /** Its hashes, one after the other. */
  readonly hashes: Buffer
}

/** Grows a tiled tree from its leaf hashes, holding one tile a level: a million leaves cost three tiles of memory. */
export interface TileStack {
  /**
   * Adds the leaf hashes of the next bundle, one after the other: 256 of them, fewer in the last one.
   * @returns the tiles that are full with it, the one of the leaves first
   */
  push(leafHashes: Buffer): FinishedTile[]
  /** Gives out the partial tiles and the root. */
  finish(): { readonly partial: readonly FinishedTile[]; readonly root: Hash }
}

const tileBytes = tileWidth * 32

export function createTileStack(): TileStack {
  const levels: { done: number; length: number; readonly hashes: Buffer }[] = []
  const add = (level: number, added: Uint8Array, full: FinishedTile[]): void => {
    const current = (levels[level] ??= { done: 0, length: 0, hashes: Buffer.alloc(tileBytes) })
    if (current.length + added.length > tileBytes) throw new ProofError('more than a tile of hashes at once')
    current.hashes.set(added, current.length)
    current.length += added.length
    if (current.length < tileBytes) return
    full.push({ tile: { level, index: current.done, width: tileWidth }, hashes: Buffer.from(current.hashes) })
    current.done += 1
    current.length = 0
    add(level + 1, subtreeRoot(current.hashes), full)
  }
  return {
    push(leafHashes) {
      const full: FinishedTile[] = []
      add(0, leafHashes, full)
      return full
    },
    finish() {
      const open = levels.map(({ done, length, hashes }, level) => ({
        tile: { level, index: done, width: length / 32 },
        hashes: hashes.subarray(0, length),
      }))
      return {
        partial: open.filter(({ tile }) => tile.width > 0),
        root: foldRight(open.toReversed().flatMap(({ hashes }) => completeSubtrees(hashes))),
      }
    },
  }
}

function completeSubtrees(hashes: Buffer): Hash[] {
  return completeNodes(0, hashes.length / 32).map(({ level, index }) => {
    const width = 2 ** level * 32
    return subtreeRoot(hashes.subarray(index * width, (index + 1) * width))
  })
}
