import { closeSync, constants, fstatSync, lstatSync, openSync, readSync } from 'node:fs'
import { ProofError } from '@socle/schemas'

/** Small files a log is published with: notes, keys, certificates, one token. */
export const maxSmallFile = 65_536

/**
 * A whole file, unless it is larger than anything that it may be. Read in one go and without a thread: a verifier reads
 * thousands of small files one after the other, and handing each to a thread would cost more than its hashes.
 * @param limit bytes
 * @throws ProofError for anything but a regular file (a pipe or a device has no size and may have no end), or a larger
 * one; file system errors as they come
 */
export function readRegular(path: string, limit: number): Buffer {
  // Without O_NONBLOCK opening a pipe waits for somebody to write into it.
  const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  try {
    const { size } = regularStats(file, limit)
    const bytes = Buffer.allocUnsafeSlow(size)
    let length = 0
    for (let read = -1; length < size && read !== 0; length += read) {
      read = readSync(file, bytes, length, size - length, null)
    }
    return bytes.subarray(0, length)
  } finally {
    closeSync(file)
  }
}

function regularStats(file: number, limit: number): { readonly size: number } {
  const stats = fstatSync(file)
  if (!stats.isFile()) throw new ProofError('not a regular file')
  if (stats.size > limit) throw new ProofError(`the file is larger than ${limit} bytes`)
  return stats
}

/** As `readRegular`, for callers that wait for nothing else meanwhile. */
export async function readLimited(path: string, limit: number): Promise<Buffer> {
  return readRegular(path, limit)
}

/** True when something has that name, a broken link too: it is then to be read and reported, not to be taken for absent. */
export function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined
}

/** Text of a small file. @throws ProofError also when it is not UTF-8; a byte order mark is a character as others */
export function readText(path: string): string {
  const bytes = readRegular(path, maxSmallFile)
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw new ProofError('the file is not UTF-8 text', { cause })
  }
}

/** Bytes of a regular file, piece by piece: for files of any size. Errors as `readRegular`. */
export function* readPieces(path: string, limit: number): Generator<Buffer> {
  const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  try {
    let left = regularStats(file, limit).size
    while (left > 0) {
      const piece = Buffer.allocUnsafeSlow(Math.min(left, 65_536))
      const read = readSync(file, piece, 0, piece.length, null)
      if (read === 0) return
      left -= read
      yield piece.subarray(0, read)
    }
  } finally {
    closeSync(file)
  }
}
