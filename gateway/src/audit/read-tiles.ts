import { join } from 'node:path'
import { ProofError, tilePath, tileWidth } from '@socle/schemas'
import type { ReadTile } from './check-tree.ts'
import { readRegular } from './read-limited.ts'

const maxBundleBytes = tileWidth * (2 + 65_535)

/** The tile and bundle files of an exported log. It throws ProofError for one that is missing or has an impossible size. */
export function readTilesOf(directory: string): ReadTile {
  return (tile) => {
    const path = tilePath(tile)
    let bytes: Buffer
    try {
      bytes = readRegular(join(directory, path), maxBundleBytes)
    } catch (cause) {
      throw new ProofError(`${path} cannot be read`, { cause })
    }
    if (tile.level !== 'entries' && bytes.length !== tile.width * 32)
      throw new ProofError(`${path} has an impossible size of ${bytes.length} bytes`)
    return bytes
  }
}
