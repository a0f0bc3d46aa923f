import { crc32 } from 'node:zlib'

/** A file to store. */
export interface ZipMember {
  /** ASCII. */
  readonly name: string
  /** Less than 4 GiB. */
  readonly bytes: Uint8Array
}

interface Placed {
  readonly name: Buffer
  readonly crc: number
  readonly size: number
  readonly offset: number
}

/** 2000-01-01 12:00:00, as MS-DOS has it: no zone, so the same everywhere. */
const dosTime = 0x6000
const dosDate = 0x2821
const stored = 10
const zip64 = 45
const madeByUnix = 3 << 8
/** A plain file that its owner may change and everybody may read. */
const attributes = 0o100644 * 0x1_0000
/** What a reader takes at once: a slow one moves on all the time. */
const piece = 65_536
const most16 = 0xffff
const most32 = 0xffff_ffff

/**
 * A zip archive as chunks, made while it is read: whoever takes them slowly is waited for, and memory holds one member
 * at a time. Everything is stored and dated alike, without data descriptors, so that the same members are the same bytes.
 * Zip64 appears only where a number does not fit without.
 * @throws RangeError for a member of 4 GiB or a name that is not plain ASCII
 */
export async function* zipChunks(
  members: AsyncIterable<ZipMember> | Iterable<ZipMember>,
): AsyncGenerator<Uint8Array, void> {
  const directory: Placed[] = []
  let offset = 0
  for await (const { name, bytes } of members) {
    const placed = { name: Buffer.from(name, 'latin1'), crc: crc32(bytes), size: bytes.length, offset }
    if (!/^[\x21-\x7e]{1,200}$/.test(name) || bytes.length >= most32) throw new RangeError(`${name} cannot be stored`)
    const header = localHeader(placed)
    yield header
    for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece)
    directory.push(placed)
    offset += header.length + bytes.length
  }
  let size = 0
  for (const placed of directory) {
    const header = centralHeader(placed)
    yield header
    size += header.length
  }
  yield end({ count: directory.length, size, offset })
}

/** The whole archive, for what fits memory anyway. */
export async function zipOf(members: Iterable<ZipMember>): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of zipChunks(members)) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** The fields that both headers share, from the version needed to the length of the extra field. */
function shared({ name, crc, size }: Placed, { version, extra }: { version: number; extra: number }): Buffer {
  const fields = Buffer.alloc(26)
  fields.writeUInt16LE(version, 0)
  fields.writeUInt16LE(dosTime, 6)
  fields.writeUInt16LE(dosDate, 8)
  fields.writeUInt32LE(crc, 10)
  fields.writeUInt32LE(size, 14)
  fields.writeUInt32LE(size, 18)
  fields.writeUInt16LE(name.length, 22)
  fields.writeUInt16LE(extra, 24)
  return fields
}

function localHeader(placed: Placed): Buffer {
  const signature = Buffer.from('PK\u0003\u0004', 'latin1')
  return Buffer.concat([signature, shared(placed, { version: stored, extra: 0 }), placed.name])
}

function centralHeader(placed: Placed): Buffer {
  const far = placed.offset >= most32
  const extra = Buffer.alloc(far ? 12 : 0)
  if (far) {
    // Zip64 extended information: only the field that does not fit, the offset.
    extra.writeUInt16LE(1, 0)
    extra.writeUInt16LE(8, 2)
    extra.writeBigUInt64LE(BigInt(placed.offset), 4)
  }
  const version = far ? zip64 : stored
  const start = Buffer.from('PK\u0001\u0002\0\0', 'latin1')
  start.writeUInt16LE(madeByUnix | version, 4)
  // Comment, disk, internal attributes: none.
  const tail = Buffer.alloc(14)
  tail.writeUInt32LE(attributes, 6)
  tail.writeUInt32LE(far ? most32 : placed.offset, 10)
  return Buffer.concat([start, shared(placed, { version, extra: extra.length }), tail, placed.name, extra])
}

function end({ count, size, offset }: { count: number; size: number; offset: number }): Buffer {
  const record = Buffer.alloc(22)
  record.writeUInt32LE(0x06054b50, 0)
  record.writeUInt16LE(Math.min(count, most16), 8)
  record.writeUInt16LE(Math.min(count, most16), 10)
  record.writeUInt32LE(Math.min(size, most32), 12)
  record.writeUInt32LE(Math.min(offset, most32), 16)
  const needsMore = count >= most16 || size >= most32 || offset >= most32
  return needsMore ? Buffer.concat([zip64End({ count, size, offset }), record]) : record
}

/** The Zip64 end record, and the locator that leads to it. */
function zip64End({ count, size, offset }: { count: number; size: number; offset: number }): Buffer {
  const record = Buffer.alloc(56)
  record.writeUInt32LE(0x06064b50, 0)
  record.writeBigUInt64LE(44n, 4)
  record.writeUInt16LE(madeByUnix | zip64, 12)
  record.writeUInt16LE(zip64, 14)
  for (const at of [24, 32]) record.writeBigUInt64LE(BigInt(count), at)
  record.writeBigUInt64LE(BigInt(size), 40)
  record.writeBigUInt64LE(BigInt(offset), 48)
  const locator = Buffer.alloc(20)
  locator.writeUInt32LE(0x07064b50, 0)
  locator.writeBigUInt64LE(BigInt(offset + size), 8)
  locator.writeUInt32LE(1, 16)
  return Buffer.concat([record, locator])
}
