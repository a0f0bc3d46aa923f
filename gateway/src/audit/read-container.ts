import { ProofError, reasonOf } from '@socle/schemas'
import { containerType, maxEntryProofs } from './container-layout.ts'
import { bytesSource, openZip, readEntry, type ZipLimits } from './zip-reader.ts'

/** A container is a document and its proof files: anything beyond is refused before it is unpacked. */
export const containerLimits: ZipLimits = {
  /** Bytes of the container file, and of its files together. */
  bytes: 268_435_456,
  entryBytes: 268_435_456,
  /** The proofs of every delivery and outcome that a container tells, and the other files. */
  entries: 2 * maxEntryProofs + 32,
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
  const source = bytesSource(bytes)
  const files = new Map<string, Buffer>()
  try {
    for (const entry of await openZip(source, containerLimits)) files.set(entry.name, await readEntry(source, entry))
  } catch (error) {
    throw new ProofError(`the container cannot be unpacked: ${reasonOf(error)}`)
  }
  return files
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
