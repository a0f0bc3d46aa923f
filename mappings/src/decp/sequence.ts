import type { Finding } from '@socle/schemas'
import { readJson } from '../json/read.ts'
import { createSplitter } from '../stream/records.ts'
import type { StreamItem } from '../stream/items.ts'
import { decpShape } from './shape.ts'

/** Documents written one after the other in one text, those that could be read, and what was wrong with the others. */
export interface DecpSequence {
  readonly records: readonly unknown[]
  readonly findings: readonly Finding[]
}

/**
 * The records of several JSON documents in one text, on lines of their own or not. Undefined when they are no DECP: one
 * document is all that other formats allow.
 */
export function readDecpSequence(bytes: Uint8Array): DecpSequence | undefined {
  const splitter = createSplitter({ recordBytes: bytes.length })
  const items: readonly StreamItem[] = [...splitter.push(bytes), ...splitter.end()]
  const records: unknown[] = []
  const findings: Finding[] = []
  for (const item of items) {
    // Words after a document are no other document.
    if (item.kind === 'record' && item.bytes[0] !== 0x7b) return undefined
    const reading = item.kind === 'record' ? readJson(item.bytes, { bytes: bytes.length }) : undefined
    if (item.kind === 'fault') findings.push(item.finding)
    if (reading === undefined) continue
    if (!reading.ok) findings.push(...reading.findings.map((one) => ({ ...one, record: records.length })))
    records.push(reading.ok ? reading.value : undefined)
  }
  const known = records.filter((record) => decpShape(record) !== 'unknown')
  return known.length > 1 ? { records, findings } : undefined
}
