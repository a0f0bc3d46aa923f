import type { Finding } from '@socle/schemas'
import { readJson } from '../json/read.ts'
import { createSplitter } from '../stream/records.ts'
import type { StreamItem } from '../stream/items.ts'
import type { DecpContract } from './view.ts'
import { decpShape } from './shape.ts'

/** A record told apart by its bytes. */
export interface SequenceRecord {
  /** Undefined when it could not be read. */
  readonly value: unknown
  /** The list it stands in, when there is one. */
  readonly contract: DecpContract | undefined
}

/** Documents written one after the other in one text, those that could be read, and what was wrong with the others. */
export interface DecpSequence {
  readonly records: readonly SequenceRecord[]
  readonly findings: readonly Finding[]
}

/**
 * The records of several JSON documents in one text, on lines of their own or not. Undefined when they are no DECP: one
 * document is all that other formats allow.
 */
export function readDecpSequence(bytes: Uint8Array): DecpSequence | undefined {
  const splitter = createSplitter({ recordBytes: bytes.length })
  const items: readonly StreamItem[] = [...splitter.push(bytes), ...splitter.end()]
  const records: SequenceRecord[] = []
  const findings: Finding[] = []
  for (const item of items) {
    // Words after a document are no other document.
    if (item.kind === 'record' && item.bytes[0] !== 0x7b) return undefined
    const reading = item.kind === 'record' ? readJson(item.bytes, { bytes: bytes.length }) : undefined
    if (item.kind === 'fault') findings.push(item.finding)
    if (item.kind === 'fault' || reading === undefined) continue
    if (!reading.ok) findings.push(...reading.findings.map((one) => ({ ...one, record: records.length })))
    records.push({ value: reading.ok ? reading.value : undefined, contract: item.contract })
  }
  const known = records.filter(({ value }) => decpShape(value) !== 'unknown')
  return known.length > (isMarkedSequence(bytes) ? 0 : 1) ? { records, findings } : undefined
}

/** RFC 7464 puts a record separator before each document. */
export function isMarkedSequence(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1e
}
