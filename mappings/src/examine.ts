import { type Finding, type Kind, finding, isAccepted } from '@socle/schemas'
import { detectJson } from './detect.ts'
import { examineDecp } from './decp/examine.ts'
import type { Detected, Examination } from './examination.ts'
import { defaultLimits, readJson } from './json/read.ts'
import { examineXml } from './xml/examine.ts'

export interface ExamineOptions {
  /** The moment dates are compared with; without it no date is called past or future. */
  readonly now?: Date
  /** Longest document read, in bytes; 10 MiB unless told. */
  readonly maxBytes?: number
  /** The kind the sender says it is: any other is refused. */
  readonly expect?: Kind
}

/**
 * Reads, names and judges any document. Pure and total: the same bytes and options give the same examination, in the hub,
 * on the command line and in a connector, and no bytes make it throw.
 */
export function examine(bytes: Uint8Array, options: ExamineOptions = {}): Examination {
  return withExpectedKind(examineBytes(bytes, options), options.expect)
}

const readToday = 'eForms, ESPD response, DECP JSON 2.0.4'

function examineBytes(bytes: Uint8Array, options: ExamineOptions): Examination {
  const maxBytes = options.maxBytes ?? defaultLimits.bytes
  const unknown: Detected = { format: 'unknown', version: undefined }
  if (bytes.length > maxBytes) {
    const place = { value: String(bytes.length), expected: String(maxBytes) }
    return refused(unknown, [finding('FORMAT-TOO-LARGE', place)])
  }
  const compression = compressionOf(bytes)
  if (compression !== undefined) return refused(unknown, [finding('FORMAT-COMPRESSED', { value: compression })])
  switch (contentOf(bytes)) {
    case 'nothing':
      return refused(unknown, [finding('FORMAT-EMPTY', {})])
    case 'xml':
      return examineXml(bytes, options)
    case 'json':
      return examineJson(bytes, options)
    default:
      return refused(unknown, [finding('FORMAT-BINARY', { value: firstBytes(bytes) })])
  }
}

function examineJson(bytes: Uint8Array, { now, maxBytes }: ExamineOptions): Examination {
  const reading = readJson(bytes, maxBytes === undefined ? {} : { bytes: maxBytes })
  if (!reading.ok) return refused({ format: 'unknown', version: undefined }, reading.findings)
  const { format, version, label } = detectJson(reading.value)
  try {
    switch (format) {
      case 'decp-json': {
        const { findings, records } = examineDecp(reading.value, now)
        const all = [...reading.findings, ...findings]
        return { format, version, kind: 'award', verdict: verdictOf(all), findings: all, records }
      }
      case 'json-schema':
        return refused({ format, version }, [...reading.findings, finding('FORMAT-NOT-A-DOCUMENT', { value: label })])
      case 'unknown':
        return refused({ format, version }, [...reading.findings, finding('FORMAT-UNKNOWN', { value: label })])
      default: {
        const place = { value: label, expected: readToday }
        return refused({ format, version }, [...reading.findings, finding('FORMAT-NOT-READ-YET', place)])
      }
    }
  } catch (error) {
    // A fault of ours must not let a document in, nor stop the hub: it is refused, and says that it is our fault.
    const value = error instanceof Error ? error.message : String(error)
    return refused({ format, version }, [finding('FORMAT-INTERNAL', { value })])
  }
}

/** A document of another kind than the sender says is refused whole: nothing of it may be recorded under that route. */
function withExpectedKind(examination: Examination, expect: Kind | undefined): Examination {
  const { kind, findings, records } = examination
  if (expect === undefined || kind === undefined || kind === expect) return examination
  const other = finding('FORMAT-KIND', { value: kind, expected: expect })
  return {
    ...examination,
    verdict: 'refused',
    findings: [...findings, other],
    records: records.map(({ index }) => ({ index, canonical: undefined })),
  }
}

/** XML starts with `<` in any encoding; JSON with a character that text starts with. */
function contentOf(bytes: Uint8Array): 'nothing' | 'xml' | 'json' | 'binary' {
  const start = firstSignificant(bytes)
  if (start >= bytes.length) return 'nothing'
  if (bytes[start] === 0x3c) return 'xml'
  // A zero byte in what is not XML is the mark of a binary file: JSON is UTF-8, in which it never stands.
  const head = bytes.subarray(0, 512)
  const isText = !head.includes(0) && !isKnownBinary(bytes)
  return isText ? 'json' : 'binary'
}

/** Past the byte order mark (UTF-8 or UTF-16) and blanks; in UTF-16, the half of a blank or of `<` that is zero. */
function firstSignificant(bytes: Uint8Array): number {
  const [first, second, third] = bytes
  const isUtf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)
  const isMarked = first === 0xef && second === 0xbb && third === 0xbf
  let at = isMarked ? 3 : isUtf16 ? 2 : 0
  const isBlank = (byte: number | undefined) =>
    byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09 || (isUtf16 && byte === 0)
  while (at < bytes.length && isBlank(bytes[at])) at++
  return at
}

const compressions: readonly (readonly [string, readonly number[]])[] = [
  ['gzip', [0x1f, 0x8b]],
  ['ZIP', [0x50, 0x4b, 0x03, 0x04]],
  ['bzip2', [0x42, 0x5a, 0x68]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
  ['7-Zip', [0x37, 0x7a, 0xbc, 0xaf]],
]

function compressionOf(bytes: Uint8Array): string | undefined {
  return compressions.find(([, magic]) => startsWith(bytes, magic))?.[0]
}

/** Files without an early zero byte that people do send: PDF, PNG, JPEG, old Office. */
function isKnownBinary(bytes: Uint8Array): boolean {
  const magics = ['%PDF', '\u0089PNG', '\u00ff\u00d8\u00ff', '\u00d0\u00cf\u0011\u00e0']
  return magics.some((magic) =>
    startsWith(
      bytes,
      Array.from(magic, (character) => character.charCodeAt(0)),
    ),
  )
}

function startsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, place) => bytes[place] === byte)
}

function firstBytes(bytes: Uint8Array): string {
  return Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join(' ')
}

function refused({ format, version }: Detected, findings: readonly Finding[]): Examination {
  return { format, version, kind: undefined, verdict: 'refused', findings, records: [] }
}

function verdictOf(findings: readonly Finding[]): Examination['verdict'] {
  return isAccepted(findings) ? 'accepted' : 'refused'
}
