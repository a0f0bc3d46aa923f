import { type Finding, finding } from '@socle/schemas'
import type { JsonLimits } from './limits.ts'
import { parseLossless } from './lossless.ts'
import { JsonReader } from './reader.ts'
import { firstInvalidByte } from './utf8.ts'

export interface ReadLimits extends JsonLimits {
  /** Bytes of the whole document. */
  readonly bytes: number
}

export type JsonReading =
  | { readonly ok: true; readonly value: unknown; readonly findings: readonly Finding[] }
  | { readonly ok: false; readonly findings: readonly Finding[] }

export const defaultLimits: ReadLimits = { bytes: 10 * 1024 * 1024, depth: 64, values: 200_000 }

/**
 * Reads JSON strictly (RFC 8259, and I-JSON where a reader must choose): UTF-8 only, no key twice in an object, no number
 * that would lose digits. The platform's own parser keeps the last of two keys and rounds numbers without a word.
 * `findings` of a good reading tell what was put right (a BOM that was skipped). Never throws.
 */
export function readJson(bytes: Uint8Array, limits: Partial<ReadLimits> = {}): JsonReading {
  const { bytes: mostBytes, depth, values } = { ...defaultLimits, ...limits }
  if (bytes.length > mostBytes) {
    const place = { value: String(bytes.length), expected: String(mostBytes) }
    return { ok: false, findings: [finding('FORMAT-TOO-LARGE', place)] }
  }
  const invalid = firstInvalidByte(bytes)
  if (invalid !== undefined) {
    return { ok: false, findings: [finding('JSON-UTF8', {}, { offset: String(invalid) })] }
  }
  const start = startsWithBom(bytes) ? 3 : 0
  const repairs = start === 0 ? [] : [finding('JSON-BOM', {})]
  const body = Buffer.from(bytes.buffer, bytes.byteOffset + start, bytes.length - start)
  const parsed = parseLossless(body, { depth, values })
  if (parsed !== undefined) return { ok: true, value: parsed.value, findings: repairs }
  const reader = new JsonReader(body, { depth, values })
  const value = reader.read()
  return reader.findings.length === 0
    ? { ok: true, value, findings: repairs }
    : { ok: false, findings: [...repairs, ...reader.findings] }
}

function startsWithBom(bytes: Uint8Array): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
}
