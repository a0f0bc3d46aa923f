/** The part of yauzl that the verifier uses, over bytes in memory: the same refusals, in the same words. */
import { inflateExactly } from './inflate.ts'
import { findDirectory } from './zip-directory.ts'
import { readEntryAt, type ZipEntry } from './zip-entry.ts'

export type Entry = ZipEntry

export interface ZipFile {
  eachEntry(): AsyncGenerator<Entry>
  openReadStreamPromise(entry: Entry): Promise<AsyncIterable<Buffer>>
}

/** @throws Error when there is no zip directory */
export async function fromBufferPromise(bytes: Buffer): Promise<ZipFile> {
  const directory = findDirectory(bytes)
  return {
    async *eachEntry() {
      let at = directory.offset
      for (let read = 0; read < directory.entries; read += 1) {
        const { entry, next } = readEntryAt(bytes, at)
        at = next
        yield entry
      }
    },
    openReadStreamPromise: async (entry) => piecesOf(contentOf(bytes, entry)),
  }
}

async function* piecesOf(content: Buffer): AsyncGenerator<Buffer> {
  yield content
}

/** @throws Error when the entry cannot be read as its directory says */
function contentOf(bytes: Buffer, entry: ZipEntry): Buffer {
  const { isEncrypted, compressionMethod, compressedSize, uncompressedSize, relativeOffsetOfLocalHeader: at } = entry
  if (isEncrypted) throw new Error('entry is encrypted, and options.decodeFileData !== false')
  if (compressionMethod !== 0 && compressionMethod !== 8)
    throw new Error(`unsupported compression method: ${compressionMethod}`)
  if (at + 30 > bytes.length) throw new Error('unexpected EOF')
  const signature = bytes.readUInt32LE(at)
  if (signature !== 0x04034b50) throw new Error(`invalid local file header signature: 0x${signature.toString(16)}`)
  const start = at + 30 + bytes.readUInt16LE(at + 26) + bytes.readUInt16LE(at + 28)
  const end = start + compressedSize
  if (end > bytes.length)
    throw new Error(`file data overflows file bounds: ${start} + ${compressedSize} > ${bytes.length}`)
  const packed = bytes.subarray(start, end)
  return compressionMethod === 0 ? packed : inflateExactly(packed, uncompressedSize)
}
