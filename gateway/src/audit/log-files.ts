import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type Checkpoint,
  completeNodes,
  foldRight,
  type Hash,
  nodeFromTiles,
  parseEntryBundle,
  ProofError,
  type Tile,
  tilePath,
  tileWidth,
} from '@socle/schemas'

/** Random access to an exported log. Reads what the files say: whether they say true is for `verifyLog`. */
export interface LogFiles {
  /** The signed head. */
  readonly head: Checkpoint
  /** Leaf bytes of one entry. @throws ProofError */
  readEntry(index: number): Promise<Uint8Array>
  /** Root of the first `size` entries, from the tiles. @throws ProofError */
  rootAt(size: number): Promise<Hash>
}

const maxBundleBytes = tileWidth * (2 + 65_535)
const keptTiles = 64

export function openLogFiles(directory: string, head: Checkpoint): LogFiles {
  const { size } = head
  const tiles = new Map<string, Buffer>()
  const load = async (tile: Tile): Promise<Buffer> => {
    const path = tilePath(tile)
    const known = tiles.get(path)
    if (known !== undefined) return known
    const bytes = await readTileFile(directory, tile)
    if (tiles.size >= keptTiles) tiles.delete(tiles.keys().next().value ?? '')
    tiles.set(path, bytes)
    return bytes
  }
  const tileHolding = (level: number | 'entries', at: number): Tile => {
    const hashes = level === 'entries' ? size : Math.floor(size / tileWidth ** level)
    const index = Math.floor(at / tileWidth)
    return { level, index, width: Math.min(tileWidth, hashes - index * tileWidth) }
  }
  const readHashes = async (level: number, from: number, to: number): Promise<Hash[]> => {
    const tile = tileHolding(level, from)
    const start = from - tile.index * tileWidth
    if (tile.width < start + to - from) throw new ProofError(`${tilePath(tile)} has no hash ${to - 1}`)
    const bytes = await load(tile)
    return Array.from({ length: to - from }, (_, at) => bytes.subarray((start + at) * 32, (start + at + 1) * 32))
  }
  return {
    head,
    async readEntry(index) {
      if (index < 0 || index >= size) throw new ProofError(`the log has no entry ${index}`)
      const tile = tileHolding('entries', index)
      const entry = parseEntryBundle(await load(tile), tile.width)[index - tile.index * tileWidth]
      if (entry === undefined) throw new ProofError(`the log has no entry ${index}`)
      return entry
    },
    async rootAt(wanted) {
      if (wanted > size) throw new ProofError(`the log has ${size} entries, fewer than ${wanted}`)
      const hashes: Hash[] = []
      for (const ref of completeNodes(0, wanted)) hashes.push(await nodeFromTiles(ref, readHashes))
      return foldRight(hashes)
    },
  }
}

/** Bytes of a tile or bundle file of an exported log. @throws ProofError when it is missing or has an impossible size */
export async function readTileFile(directory: string, tile: Tile): Promise<Buffer> {
  const path = tilePath(tile)
  let bytes: Buffer
  try {
    bytes = await readFile(join(directory, path))
  } catch (cause) {
    throw new ProofError(`${path} cannot be read`, { cause })
  }
  const fits = tile.level === 'entries' ? bytes.length <= maxBundleBytes : bytes.length === tile.width * 32
  if (!fits) throw new ProofError(`${path} has an impossible size of ${bytes.length} bytes`)
  return bytes
}
