const recordBytes = 22
const locatorBytes = 20
const maxComment = 0xffff

export interface ZipDirectory {
  readonly offset: number
  readonly entries: number
}

/**
 * The end of central directory record, looked for from the end, and its 64-bit successor.
 * @throws Error as yauzl words it
 */
export function findDirectory(bytes: Buffer): ZipDirectory {
  const window = Math.min(locatorBytes + recordBytes + maxComment, bytes.length)
  const begin = bytes.length - window
  for (let at = bytes.length - recordBytes; at >= begin; at -= 1) {
    if (bytes.readUInt32LE(at) !== 0x06054b50) continue
    const comment = bytes.readUInt16LE(at + 20)
    const room = bytes.length - at - recordBytes
    if (comment !== room) {
      throw new Error(
        `Invalid comment length. Expected: ${room}. Found: ${comment}. Are there extra bytes at the end of the file? Or is the end of central dir signature \`PK☺☻\` in the comment?`,
      )
    }
    const locator = at - locatorBytes
    if (locator >= begin && bytes.readUInt32LE(locator) === 0x07064b50) return directory64(bytes, locator)
    requireOneDisk(bytes.readUInt16LE(at + 4))
    return { offset: bytes.readUInt32LE(at + 16), entries: bytes.readUInt16LE(at + 10) }
  }
  throw new Error('End of central directory record signature not found. Either not a zip file, or file is truncated.')
}

function directory64(bytes: Buffer, locator: number): ZipDirectory {
  const at = readUInt64(bytes, locator + 8)
  if (at + 56 > bytes.length) throw new Error('unexpected EOF')
  if (bytes.readUInt32LE(at) !== 0x06064b50) throw new Error('invalid zip64 end of central directory record signature')
  requireOneDisk(bytes.readUInt32LE(at + 16))
  return { offset: readUInt64(bytes, at + 48), entries: readUInt64(bytes, at + 32) }
}

function requireOneDisk(disk: number): void {
  if (disk !== 0) throw new Error(`multi-disk zip files are not supported: found disk number: ${disk}`)
}

/** Inexact above 2^53, where every use of it is out of bounds anyway. */
export function readUInt64(bytes: Buffer, at: number): number {
  return bytes.readUInt32LE(at + 4) * 0x1_0000_0000 + bytes.readUInt32LE(at)
}
