import { crc32 } from './zlib.ts'
import { readUInt64 } from './zip-directory.ts'

export interface ZipEntry {
  readonly fileName: string
  readonly compressionMethod: number
  readonly crc32: number
  readonly compressedSize: number
  readonly uncompressedSize: number
  readonly relativeOffsetOfLocalHeader: number
  readonly isEncrypted: boolean
}

const headerBytes = 46

/** Code page 437, in which names are written that are not marked as UTF-8; PC graphics stand for control characters. */
const page437 =
  '\u0000☺☻♥♦♣♠•◘○◙♂♀♪♫☼►◄↕‼¶§▬↨↑↓→←∟↔▲▼ !"#$%&\'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~⌂ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■ '

/**
 * One header of the central directory, and where the next one begins.
 * @throws Error as yauzl words it
 */
export function readEntryAt(bytes: Buffer, at: number): { readonly entry: ZipEntry; readonly next: number } {
  if (at + headerBytes > bytes.length) throw new Error('unexpected EOF')
  const header = bytes.subarray(at, at + headerBytes)
  const signature = header.readUInt32LE(0)
  if (signature !== 0x02014b50)
    throw new Error(`invalid central directory file header signature: 0x${signature.toString(16)}`)
  const flags = header.readUInt16LE(8)
  if (flags & 0x40) throw new Error('strong encryption is not supported')
  const nameEnd = at + headerBytes + header.readUInt16LE(28)
  const extraEnd = nameEnd + header.readUInt16LE(30)
  const next = extraEnd + header.readUInt16LE(32)
  if (next > bytes.length) throw new Error('unexpected EOF')
  const fields = extraFields(bytes.subarray(nameEnd, extraEnd))
  const fileName = nameOf(bytes.subarray(at + headerBytes, nameEnd), (flags & 0x800) !== 0, fields)
  checkName(fileName)
  const entry = {
    fileName,
    compressionMethod: header.readUInt16LE(10),
    crc32: header.readUInt32LE(16),
    isEncrypted: (flags & 1) !== 0,
    ...sizesOf(header, fields),
  }
  checkStored(entry)
  return { entry, next }
}

interface ExtraField {
  readonly id: number
  readonly data: Buffer
}

function extraFields(bytes: Buffer): ExtraField[] {
  const fields: ExtraField[] = []
  for (let at = 0; at < bytes.length - 3;) {
    const end = at + 4 + bytes.readUInt16LE(at + 2)
    if (end > bytes.length) throw new Error('extra field length exceeds extra field buffer size')
    fields.push({ id: bytes.readUInt16LE(at), data: bytes.subarray(at + 4, end) })
    at = end
  }
  return fields
}

/** A Unicode name (0x7075) goes before the name itself when it is of this very name. */
function nameOf(name: Buffer, isUtf8: boolean, fields: readonly ExtraField[]): string {
  const unicode = fields.find(
    ({ id, data }) => id === 0x7075 && data.length >= 6 && data[0] === 1 && data.readUInt32LE(1) === crc32(name),
  )
  if (unicode !== undefined) return unicode.data.subarray(5).toString('utf8')
  if (isUtf8) return name.toString('utf8')
  return Array.from(name, (byte) => page437[byte] ?? '').join('')
}

function checkName(name: string): void {
  if (name.includes('\\')) throw new Error(`invalid characters in fileName: ${name}`)
  if (/^[a-zA-Z]:/.test(name) || name.startsWith('/')) throw new Error(`absolute path: ${name}`)
  if (name.split('/').includes('..')) throw new Error(`invalid relative path: ${name}`)
}

type Sizes = Pick<ZipEntry, 'uncompressedSize' | 'compressedSize' | 'relativeOffsetOfLocalHeader'>

/** Those of the header; 64-bit ones of the extra field where the header has none. */
function sizesOf(header: Buffer, fields: readonly ExtraField[]): Sizes {
  const wide = fields.find(({ id }) => id === 1)?.data
  let at = 0
  const sizeAt = (offset: number, what: string): number => {
    const narrow = header.readUInt32LE(offset)
    if (narrow !== 0xffffffff || wide === undefined) return narrow
    if (at + 8 > wide.length) throw new Error(`zip64 extended information extra field does not include ${what}`)
    at += 8
    return readUInt64(wide, at - 8)
  }
  return {
    uncompressedSize: sizeAt(24, 'uncompressed size'),
    compressedSize: sizeAt(20, 'compressed size'),
    relativeOffsetOfLocalHeader: sizeAt(42, 'relative header offset'),
  }
}

function checkStored({ compressionMethod, compressedSize, uncompressedSize, isEncrypted }: ZipEntry): void {
  if (compressionMethod !== 0 || compressedSize === uncompressedSize + (isEncrypted ? 12 : 0)) return
  throw new Error(`compressed/uncompressed size mismatch for stored file: ${compressedSize} != ${uncompressedSize}`)
}
