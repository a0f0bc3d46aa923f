import { type Finding, type Kind, finding, isAccepted } from '@socle/schemas'
import { contentOf } from './content.ts'
import { detectJson, versionOf } from './detect.ts'
import { examineBoampRecord } from './boamp/examine-record.ts'
import { examineDecp, examineDecpSequence, type ExaminedDecp } from './decp/examine.ts'
import { isMarkedSequence, readDecpSequence } from './decp/sequence.ts'
import type { Detected, Examination } from './examination.ts'
import { gunzip, isGzip } from './gunzip.ts'
import { defaultLimits, readJson } from './json/read.ts'
import type { Official } from './packs/judge.ts'
import { examineXml } from './xml/examine.ts'

export interface ExamineOptions {
  /** The moment dates are compared with; without it no date is called past or future. */
  readonly now?: Date
  /** Longest document read, in bytes; 10 MiB unless told. */
  readonly maxBytes?: number
  /** The kind the sender says it is: any other is refused. */
  readonly expect?: Kind
  /** The installed official schemas and rules; `'none'` to judge by our own rules only. */
  readonly packs?: Official
}

/**
 * Reads, names and judges any document. Pure and total: the same bytes and options give the same examination, in the hub,
 * on the command line and in a connector, and no bytes make it throw.
 */
export function examine(bytes: Uint8Array, options: ExamineOptions = {}): Examination {
  try {
    return withExpectedKind(examineBytes(bytes, options), options.expect)
  } catch (error) {
    return internal(unknown, error)
  }
}

const unknown: Detected = { format: 'unknown', version: undefined }
const readToday = 'DECP JSON, BOAMP (API open data)'

function examineBytes(bytes: Uint8Array, options: ExamineOptions): Examination {
  const maxBytes = options.maxBytes ?? defaultLimits.bytes
  if (bytes.length > maxBytes) {
    const place = { value: String(bytes.length), expected: String(maxBytes) }
    return refused(unknown, [finding('FORMAT-TOO-LARGE', place)])
  }
  if (isGzip(bytes)) return examineGzip(bytes, options, maxBytes)
  const content = isMarkedSequence(bytes) ? 'json' : contentOf(bytes)
  if (content === 'xml') return examineXml(bytes, options)
  if (content === 'json') return examineJson(bytes, options)
  return refused(unknown, [content])
}

function examineJson(bytes: Uint8Array, { now, maxBytes }: ExamineOptions): Examination {
  const reading = readJson(bytes, maxBytes === undefined ? {} : { bytes: maxBytes })
  if (!reading.ok) {
    const isSequence = isMarkedSequence(bytes) || reading.findings.some(({ rule }) => rule === 'JSON-TRAILING')
    const sequence = isSequence ? readDecpSequence(bytes) : undefined
    if (sequence === undefined) return refused(unknown, reading.findings)
    const version = versionOf(sequence.records.map(({ value }) => value))
    return examinedDecp({ format: 'decp-json', version }, [], examineDecpSequence(sequence, now))
  }
  const { format, version, label } = detectJson(reading.value)
  try {
    switch (format) {
      case 'decp-json':
        return examinedDecp({ format, version }, reading.findings, examineDecp(reading.value, now))
      case 'boamp-json':
        return examineBoampRecord(reading.value, { format, version }, { before: reading.findings, now })
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
    return internal({ format, version }, error)
  }
}

/** A fault of ours must not let a document in, nor stop the hub: it is refused, and says that it is our fault. */
function internal(detected: Detected, error: unknown): Examination {
  const value = error instanceof Error ? error.message : String(error)
  return refused(detected, [finding('FORMAT-INTERNAL', { value })])
}

function examinedDecp(detected: Detected, before: readonly Finding[], examined: ExaminedDecp): Examination {
  const findings = [...before, ...examined.findings]
  return { ...detected, kind: 'award', verdict: verdictOf(findings), findings, records: examined.records }
}

/** Award data travels compressed; other documents do not, and are refused as they come. */
function examineGzip(bytes: Uint8Array, options: ExamineOptions, maxBytes: number): Examination {
  const unpacked = gunzip(bytes, maxBytes)
  if ('fault' in unpacked) return refused(unknown, [unpacked.fault])
  if (isGzip(unpacked.bytes)) return refused(unknown, [finding('FORMAT-COMPRESSED', { value: 'gzip × 2' })])
  const inside = examineBytes(unpacked.bytes, options)
  if (inside.kind !== 'award') return refused(unknown, [finding('FORMAT-COMPRESSED', { value: 'gzip' })])
  const told = finding('DECP-GZIP', { value: String(unpacked.bytes.length) })
  return { ...inside, findings: [told, ...inside.findings] }
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

function refused({ format, version }: Detected, findings: readonly Finding[]): Examination {
  return { format, version, kind: undefined, verdict: 'refused', findings, records: [] }
}

function verdictOf(findings: readonly Finding[]): Examination['verdict'] {
  return isAccepted(findings) ? 'accepted' : 'refused'
}
