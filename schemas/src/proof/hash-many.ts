import { hash } from 'node:crypto'
import type { Hash } from './merkle.ts'
import { ProofError } from './proof-error.ts'
import { tileWidth } from './tiles.ts'

/*
 * The hashes of a whole tile at once, for whoever checks or writes a log of millions of entries. The same values as
 * `leafHash` and `nodeHash` of merkle.ts. What costs there is not SHA-256 but the buffer made for each input and each
 * digest: here inputs are hashed where they lie, and a digest comes as a text of one character a byte, which costs half
 * of what a buffer does.
 */

/** Room for a tile's hashes behind one byte: the prefix of the first pair. */
const work = Buffer.alloc(1 + tileWidth * 32)
/** Where the pairs of a tile lie, each with the byte before it. */
const pairs = Array.from({ length: tileWidth / 2 }, (_, at) => work.subarray(at * 64, at * 64 + 65))

/**
 * RFC 6962 leaf hashes of the entries of a bundle, one after the other.
 * @param bundle its bytes; one byte before each entry is changed and put back
 * @param ends where each entry ends in the bundle; it begins two bytes after the end of the one before
 */
export function hashEntries(bundle: Buffer, ends: readonly number[]): Buffer {
  const hashes = Buffer.allocUnsafe(ends.length * 32)
  let before = 0
  for (let at = 0; at < ends.length; at += 1) {
    const end = ends[at] ?? 0
    // The low byte of the length stands where the prefix 0x00 of a leaf must.
    const prefixAt = before + 1
    const length = bundle[prefixAt] ?? 0
    bundle[prefixAt] = 0
    hashes.write(hash('sha256', bundle.subarray(prefixAt, end), 'binary'), at * 32, 'latin1')
    bundle[prefixAt] = length
    before = end
  }
  return hashes
}

/**
 * Root of a complete subtree.
 * @param hashes a power of two of them, at most a tile, one after the other
 * @throws ProofError for another number of them
 */
export function subtreeRoot(hashes: Uint8Array): Hash {
  let count = hashes.length / 32
  if (![1, 2, 4, 8, 16, 32, 64, 128, 256].includes(count))
    throw new ProofError(`${count} hashes are no complete subtree`)
  work.set(hashes, 1)
  while (count > 1) {
    count /= 2
    for (let at = 0; at < count; at += 1) {
      // The byte before a pair is the last one of a pair already hashed: it may give its place to the prefix 0x01.
      work[at * 64] = 1
      work.write(hash('sha256', pairs[at] ?? work, 'binary'), 1 + at * 32, 'latin1')
    }
  }
  return Buffer.from(work.subarray(1, 33))
}
