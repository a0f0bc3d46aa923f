import { crc32, inflateRawSync } from 'node:zlib'
import { ProofError } from '@socle/schemas'

/** Where the bytes of an archive are: in memory, in a file, in a browser's file. */
export interface ByteSource {
  readonly size: number
  /** Exactly these bytes. @throws when they are not there */
  read(offset: number, length: number): Promise<Buffer>
}

export interface ZipLimits {
  readonly entries: number
  /** Unpacked bytes of one file. */
  readonly entryBytes: number
  /** Unpacked bytes of all files. */
  readonly bytes: number
  /** Unpacked bytes for one packed byte. */
  readonly ratio: number
}

export interface ZipEntry {
  readonly name: string
  readonly packed: boolean
  readonly crc: number
  readonly packedSize: number
  readonly size: number
  /** Of its local header. */
  readonly offset: number
  /** Where the next one, or the directory, begins. */
  readonly end: number
}

export function bytesSource(bytes: Buffer): ByteSource {
  return {
    size: bytes.length,
    async read(offset, length) {
      if (offset < 0 || length < 0 || offset + length > bytes.length) throw new ProofError('the archive is cut')
      return bytes.subarray(offset, offset + length)
    },
  }
}

const endSize = 22
const locatorSize = 20
const end64Size = 56
const headerSize = 46
const localSize = 30
/** Of a name, the Zip64 field and no comment: what one line of a directory may take. */
const maxLine = 1_024
const most16 = 0xffff
const most32 = 0xffff_ffff

/**
 * The files of a zip archive, in the order of its directory, which must be that of their bytes. Everything that tools
 * read differently is refused: bytes before, between and after the files, comments, encryption, sizes told afterwards,
 * names that lead elsewhere, extra fields (one of them may carry another name), links and folders, two files of one name. Nothing is unpacked yet.
 * @throws ProofError
 */
export async function openZip(source: ByteSource, limits: ZipLimits): Promise<readonly ZipEntry[]> {
  const { count, size, offset } = await findDirectory(source)
  if (count > limits.entries) throw new ProofError('too many files')
  if (size > count * maxLine) throw new ProofError('the directory is malformed')
  const entries = parseDirectory(await source.read(offset, size), { count, offset })
  const names = new Set(entries.map(({ name }) => name))
  if (names.size < entries.length) throw new ProofError('two files have the same name')
  let total = 0
  for (const entry of entries) {
    total += entry.size
    if (entry.size > limits.entryBytes || total > limits.bytes) throw new ProofError('it unpacks to too many bytes')
    if (entry.size > limits.ratio * (entry.packedSize + 1)) throw new ProofError('a file is compressed beyond measure')
  }
  return entries
}

/** The bytes of one file. @throws ProofError when its header says otherwise than the directory, or its bytes are damaged */
export async function readEntry(source: ByteSource, entry: ZipEntry): Promise<Buffer> {
  const { name, offset, end, packed, size, packedSize } = entry
  const header = await source.read(offset, localSize)
  const nameLength = header.readUInt16LE(26)
  const from = offset + localSize + nameLength
  const told = await source.read(offset + localSize, Math.min(nameLength, maxLine))
  const agrees =
    header.readUInt32LE(0) === 0x0403_4b50 &&
    told.toString('latin1') === name &&
    header.readUInt16LE(28) === 0 &&
    method(header, 6) === (packed ? 8 : 0) &&
    [14, 18, 22].every((at, field) => header.readUInt32LE(at) === [entry.crc, packedSize, size][field])
  if (!agrees || from + packedSize !== end) throw new ProofError(`${name} is not where the directory says`)
  const bytes = unpack(await source.read(from, packedSize), entry)
  if (bytes.length !== size || crc32(bytes) !== entry.crc) throw new ProofError(`${name} is damaged`)
  return bytes
}

function unpack(bytes: Buffer, { name, packed, size }: ZipEntry): Buffer {
  if (!packed) return bytes
  try {
    return inflateRawSync(bytes, { maxOutputLength: Math.max(size, 1) })
  } catch {
    throw new ProofError(`${name} is damaged`)
  }
}

interface Directory {
  readonly count: number
  readonly size: number
  readonly offset: number
}

async function findDirectory(source: ByteSource): Promise<Directory> {
  if (source.size < endSize) throw new ProofError('the archive is cut')
  const at = source.size - endSize
  const end = await source.read(at, endSize)
  if (end.readUInt32LE(0) !== 0x0605_4b50 || end.readUInt16LE(20) !== 0)
    throw new ProofError('the archive is cut, or something follows it')
  const short = { count: end.readUInt16LE(10), size: end.readUInt32LE(12), offset: end.readUInt32LE(16) }
  const isSaturated = short.count === most16 || short.size === most32 || short.offset === most32
  const directory = isSaturated ? await findDirectory64(source, at) : { ...short, end: at }
  const same =
    end.readUInt32LE(4) === 0 &&
    end.readUInt16LE(8) === short.count &&
    short.count === Math.min(directory.count, most16) &&
    short.size === Math.min(directory.size, most32) &&
    short.offset === Math.min(directory.offset, most32)
  if (!same || directory.offset + directory.size !== directory.end) throw new ProofError('the end is malformed')
  return directory
}

/** Zip64: a locator before the end leads to a longer end before it. */
async function findDirectory64(source: ByteSource, at: number): Promise<Directory & { readonly end: number }> {
  const end = at - locatorSize - end64Size
  if (end < 0) throw new ProofError('the end is malformed')
  const bytes = await source.read(end, end64Size + locatorSize)
  const leadsHere =
    bytes.readUInt32LE(0) === 0x0606_4b50 &&
    bytes.readUInt32LE(end64Size) === 0x0706_4b50 &&
    wide(bytes, 4) === end64Size - 12 &&
    wide(bytes, end64Size + 8) === end &&
    wide(bytes, 24) === wide(bytes, 32)
  if (!leadsHere) throw new ProofError('the end is malformed')
  return { count: wide(bytes, 32), size: wide(bytes, 40), offset: wide(bytes, 48), end }
}

function wide(bytes: Buffer, at: number): number {
  const value = Number(bytes.readBigUInt64LE(at))
  if (!Number.isSafeInteger(value)) throw new ProofError('a number is out of range')
  return value
}

/** Nothing but how hard it was compressed, and that the name is UTF-8, which ASCII is too. */
const harmlessFlags = 0b1000_0000_0110

/** Compression method; the flags stand before it. */
function method(bytes: Buffer, at: number): number {
  if ((bytes.readUInt16LE(at) & ~harmlessFlags) !== 0) throw new ProofError('a file is encrypted or told of afterwards')
  return bytes.readUInt16LE(at + 2)
}

function parseDirectory(bytes: Buffer, { count, offset }: { count: number; offset: number }): ZipEntry[] {
  const found: Omit<ZipEntry, 'end'>[] = []
  let at = 0
  for (let number = 0; number < count; number++) {
    if (at + headerSize > bytes.length) throw new ProofError('the directory is malformed')
    const length = headerSize + bytes.readUInt16LE(at + 28) + bytes.readUInt16LE(at + 30)
    const line = bytes.subarray(at, at + length)
    if (line.length < length || line.readUInt32LE(0) !== 0x0201_4b50 || line.readUInt16LE(32) !== 0)
      throw new ProofError('the directory is malformed')
    found.push(parseLine(line))
    at += length
  }
  if (at !== bytes.length || (found[0]?.offset ?? 0) !== 0) throw new ProofError('the directory is malformed')
  return found.map((entry, number) => {
    const end = found[number + 1]?.offset ?? offset
    if (entry.offset + localSize + entry.packedSize > end) throw new ProofError('files lie one over the other')
    return { ...entry, end }
  })
}

function parseLine(line: Buffer): Omit<ZipEntry, 'end'> {
  const nameEnd = headerSize + line.readUInt16LE(28)
  const name = line.toString('latin1', headerSize, nameEnd)
  const isSafe = /^[\x21-\x7e]{1,200}$/.test(name) && !/[\\:]|(?:^|\/)\.{0,2}(?:\/|$)/.test(name)
  if (!isSafe) throw new ProofError('a name leads elsewhere')
  if (!isRegular(line.readUInt32LE(38))) throw new ProofError('a file is a link, a folder or a device')
  const kind = method(line, 8)
  if (kind !== 0 && kind !== 8) throw new ProofError('a file is compressed by an unknown method')
  const [packedSize, size, offset] = sizesOf(line, line.subarray(nameEnd))
  if (kind === 0 && packedSize !== size) throw new ProofError('the sizes of a file disagree')
  return { name, packed: kind === 8, crc: line.readUInt32LE(16), packedSize, size, offset }
}

/** By its external attributes: of Unix a regular file without set-user-id and the like, of MS-DOS none but "to be archived". */
function isRegular(attributes: number): boolean {
  const mode = attributes >>> 16
  return [0, 0o100000].includes(mode & 0o177000) && (attributes & 0xffdf) === 0
}

/** Packed size, size, offset: each from the Zip64 field when it does not fit, which here only the offset may. */
function sizesOf(line: Buffer, extra: Buffer): readonly [number, number, number] {
  const [packedSize, size, offset] = [line.readUInt32LE(20), line.readUInt32LE(24), line.readUInt32LE(42)]
  if (packedSize === most32 || size === most32) throw new ProofError('a file is too large')
  if (extra.length === 0 && offset !== most32) return [packedSize, size, offset]
  const isZip64 = extra.length === 12 && extra.readUInt16LE(0) === 1 && extra.readUInt16LE(2) === 8
  if (!isZip64 || offset !== most32) throw new ProofError('a file has extra fields, or is nowhere')
  return [packedSize, size, wide(extra, 4)]
}
