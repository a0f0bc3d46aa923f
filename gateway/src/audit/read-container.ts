import { ProofError, reasonOf } from '@socle/schemas'
import { type Entry, fromBufferPromise, type ZipFile } from 'yauzl'
import { crc32 } from 'node:zlib'
import { containerType } from './container-layout.ts'

/** A container is a document and a handful of proof files: anything beyond is refused before it is unpacked. */
export const containerLimits = {
  /** Bytes of the container file, and of its files together. */
  bytes: 268_435_456,
  entries: 64,
  /** Unpacked bytes for one packed byte. */
  ratio: 200,
}

/**
 * The files of an ASiC-E container, by name.
 * @throws ProofError when it is no container: wrong beginning, limits passed, two files of one name, damaged data
 */
export async function readContainer(bytes: Buffer): Promise<Map<string, Buffer>> {
  if (bytes.length > containerLimits.bytes) throw new ProofError('the container is too large')
  checkBeginning(bytes)
  try {
    const zip = await fromBufferPromise(bytes, { lazyEntries: true, strictFileNames: true, validateEntrySizes: true })
    return await readEntries(zip)
  } catch (error) {
    if (error instanceof ProofError) throw error
    throw new ProofError(`the container cannot be unpacked: ${reasonOf(error)}`)
  }
}

/** EN 319 162-1 clause 5.2.1: the type is readable at a fixed place, without unpacking anything. */
function checkBeginning(bytes: Buffer): void {
  const header = bytes.subarray(0, 38 + containerType.length)
  const isStored = header.length > 38 && header.readUInt32LE(0) === 0x04034b50 && header.readUInt16LE(8) === 0
  const hasNoExtra = isStored && header.readUInt16LE(26) === 8 && header.readUInt16LE(28) === 0
  if (!hasNoExtra || header.toString('latin1', 30) !== `mimetype${containerType}`) {
    throw new ProofError('the file does not begin as an ASiC-E container')
  }
}

async function readEntries(zip: ZipFile): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>()
  let total = 0
  for await (const entry of zip.eachEntry()) {
    total += entry.uncompressedSize
    if (files.size >= containerLimits.entries) throw new ProofError('the container has too many files')
    if (total > containerLimits.bytes) throw new ProofError('the container unpacks to too many bytes')
    if (entry.uncompressedSize > containerLimits.ratio * (entry.compressedSize + 1)) {
      throw new ProofError('a file of the container is compressed beyond measure')
    }
    if (files.has(entry.fileName)) throw new ProofError('two files of the container have the same name')
    files.set(entry.fileName, await readEntry(zip, entry))
  }
  return files
}

async function readEntry(zip: ZipFile, entry: Entry): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of await zip.openReadStreamPromise(entry)) parts.push(part as Buffer)
  const content = Buffer.concat(parts)
  if (crc32(content) !== entry.crc32) throw new ProofError(`${entry.fileName} is damaged`)
  return content
}
