import {
  type Checkpoint,
  completeNodes,
  consistencyPlan,
  foldRight,
  type Hash,
  nodeFromTiles,
  parseEntryBundle,
  ProofError,
  resolvePlanFromTiles,
  type Tile,
  tilePath,
  tileWidth,
} from '@socle/schemas'
import type { ReadTile } from './check-tree.ts'

/** Random access to an exported log. Reads what the files say: whether they say true is for `verifyLog`. */
export interface LogFiles {
  /** The signed head. */
  readonly head: Checkpoint
  /** Leaf bytes of one entry. @throws ProofError */
  readEntry(index: number): Promise<Uint8Array>
  /** Root of the first `size` entries, from the tiles. @throws ProofError */
  rootAt(size: number): Promise<Hash>
  /** Consistency proof from the first `size` entries to the head, from the tiles. @throws ProofError */
  proofFrom(size: number): Promise<Hash[]>
}

/** What is kept of the tiles read last, in bytes: an honest bundle has some sixty thousand. */
const keptBytes = 8_388_608

/** @param read the files of the log, in a directory (`read-tiles.ts`) or wherever they are */
export function openLogFiles(read: ReadTile, head: Checkpoint): LogFiles {
  const { size } = head
  const load = keepLast(read)
  const tileHolding = (level: number | 'entries', at: number): Tile => {
    const hashes = level === 'entries' ? size : Math.floor(size / tileWidth ** level)
    const index = Math.floor(at / tileWidth)
    return { level, index, width: Math.min(tileWidth, hashes - index * tileWidth) }
  }
  const readHashes = async (level: number, from: number, to: number): Promise<Hash[]> => {
    const tile = tileHolding(level, from)
    const start = from - tile.index * tileWidth
    if (tile.width < start + to - from) throw new ProofError(`${tilePath(tile)} has no hash ${to - 1}`)
    const bytes = load(tile)
    return Array.from({ length: to - from }, (_, at) => bytes.subarray((start + at) * 32, (start + at + 1) * 32))
  }
  return {
    head,
    async readEntry(index) {
      if (index < 0 || index >= size) throw new ProofError(`the log has no entry ${index}`)
      const tile = tileHolding('entries', index)
      const entry = parseEntryBundle(load(tile), tile.width)[index - tile.index * tileWidth]
      if (entry === undefined) throw new ProofError(`the log has no entry ${index}`)
      return entry
    },
    async rootAt(wanted) {
      if (wanted > size) throw new ProofError(`the log has ${size} entries, fewer than ${wanted}`)
      const hashes: Hash[] = []
      for (const ref of completeNodes(0, wanted)) hashes.push(await nodeFromTiles(ref, readHashes))
      return foldRight(hashes)
    },
    proofFrom: async (wanted) => await resolvePlanFromTiles(consistencyPlan(wanted, size), readHashes),
  }
}

function keepLast(read: ReadTile): ReadTile {
  const kept = new Map<string, Buffer>()
  let total = 0
  return (tile) => {
    const path = tilePath(tile)
    const known = kept.get(path)
    if (known !== undefined) return known
    const bytes = read(tile)
    if (total + bytes.length > keptBytes) {
      kept.clear()
      total = 0
    }
    kept.set(path, bytes)
    total += bytes.length
    return bytes
  }
}
