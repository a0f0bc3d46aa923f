import { type Finding, finding } from '@socle/schemas'

/** What a document is written in, as its first bytes tell; or why it cannot be read at all. */
export function contentOf(bytes: Uint8Array): 'xml' | 'json' | Finding {
  const start = firstSignificant(bytes)
  switch (bytes[start]) {
    // In any encoding, a zero half of the first character being skipped.
    case 0x3c:
      return 'xml'
    case 0x7b:
    case 0x5b:
      return hasEarlyZero(bytes) ? binary(bytes) : 'json'
    case undefined:
      return finding('FORMAT-EMPTY', {})
    default:
      return neither(bytes, start)
  }
}

/** Past the byte order mark (UTF-8 or UTF-16) and blanks; in UTF-16, the half of a blank or of `<` that is zero. */
function firstSignificant(bytes: Uint8Array): number {
  const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)
  const isMarked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
  let at = isMarked ? 3 : isUtf16 ? 2 : 0
  const isSkipped = isUtf16 ? isBlankOrZero : isBlank
  while (isSkipped(bytes[at])) at++
  return at
}

function isBlankOrZero(byte: number | undefined): boolean {
  return byte === 0 || isBlank(byte)
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09
}

/** A zero byte in what is not XML is the mark of a binary file: JSON is UTF-8, in which it never stands. */
function hasEarlyZero(bytes: Uint8Array): boolean {
  return bytes.subarray(0, 512).includes(0)
}

/** What starts neither as XML nor as a JSON object or list. */
function neither(bytes: Uint8Array, start: number): Finding {
  const compression = nameOf(bytes, compressions)
  if (compression !== undefined) return finding('FORMAT-COMPRESSED', { value: compression })
  if (hasEarlyZero(bytes) || nameOf(bytes, binaries) !== undefined) return binary(bytes)
  return finding('FORMAT-UNKNOWN', { value: firstWords(bytes, start), expected: 'XML, JSON' })
}

function binary(bytes: Uint8Array): Finding {
  const start = Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).toUpperCase().padStart(2, '0'))
  return finding('FORMAT-BINARY', { value: start.join(' ') })
}

type Magic = readonly [name: string, bytes: readonly number[]]

const compressions: readonly Magic[] = [
  ['gzip', [0x1f, 0x8b]],
  ['ZIP', [0x50, 0x4b, 0x03, 0x04]],
  ['bzip2', [0x42, 0x5a, 0x68]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
  ['7-Zip', [0x37, 0x7a, 0xbc, 0xaf]],
]

/** Files without an early zero byte that people do send. */
const binaries: readonly Magic[] = [
  ['PDF', [0x25, 0x50, 0x44, 0x46]],
  ['PNG', [0x89, 0x50, 0x4e, 0x47]],
  ['JPEG', [0xff, 0xd8, 0xff]],
  ['Office 97', [0xd0, 0xcf, 0x11, 0xe0]],
]

function nameOf(bytes: Uint8Array, magics: readonly Magic[]): string | undefined {
  return magics.find(([, magic]) => magic.every((byte, place) => bytes[place] === byte))?.[0]
}

/** The beginning of the first line, which shows a person what was sent. */
function firstWords(bytes: Uint8Array, start: number): string {
  const text = new TextDecoder().decode(bytes.subarray(start, start + 160))
  const [line = ''] = text.split(/[\r\n]/)
  return Array.from(line).slice(0, 40).join('')
}
