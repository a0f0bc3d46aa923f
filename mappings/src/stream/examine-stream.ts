import { type Finding, finding } from '@socle/schemas'
import { latestDayAnywhere } from '../calendar.ts'
import { judgeLocated } from '../decp/examine.ts'
import { type ContractKey, contractKey, createNeighbours } from '../decp/neighbours.ts'
import { contractOf, decpShape } from '../decp/shape.ts'
import type { Canonical } from '../examination.ts'
import { readJson } from '../json/read.ts'
import { examineXml } from '../xml/examine.ts'
import { type RecordItem, type StreamItem, type StreamLimits, streamLimits } from './items.ts'
import { createSplitter } from './records.ts'

/** One record of a stream, judged; or, without `index`, something wrong around records. */
export interface StreamedRecord {
  readonly index: number | undefined
  /** Of its first byte in the stream. */
  readonly offset: number
  readonly format: 'decp-json' | 'decp-xml'
  readonly version: string | undefined
  readonly verdict: 'accepted' | 'refused'
  readonly findings: readonly Finding[]
  /** The canonical form; undefined when the record is refused. Made when it is asked for. */
  readonly canonical: () => Canonical | undefined
  /** To be compared with those of other records by `createNeighbours`; undefined when the record is refused. */
  readonly key: ContractKey | undefined
  /** The stream cannot be read further. */
  readonly stops: boolean
}

export interface StreamExaminer {
  push(chunk: Uint8Array): readonly StreamedRecord[]
  end(): readonly StreamedRecord[]
}

export interface StreamOptions {
  readonly now?: Date
  readonly limits?: Partial<StreamLimits>
}

/**
 * Judges the records of a DECP stream while it is read, each as a deposit of its own would be. Places in findings are
 * those in the record, which `index` and `offset` place in the stream. Memory does not grow with the stream.
 */
export function createStreamExaminer({ now, limits = {} }: StreamOptions = {}): StreamExaminer {
  const splitter = createSplitter(limits)
  const neighbours = createNeighbours()
  const judge = itemJudge({ ...(now === undefined ? {} : { now }), limits })
  const judgeAll = (items: readonly StreamItem[]): readonly StreamedRecord[] =>
    items.map((item) => {
      const judged = judge(item)
      const { key, index } = judged
      const met = key === undefined || index === undefined ? [] : neighbours.meet(key, index, {})
      return met.length === 0 ? judged : { ...judged, findings: [...judged.findings, ...met] }
    })
  return { push: (chunk) => judgeAll(splitter.push(chunk)), end: () => judgeAll(splitter.end()) }
}

/**
 * Judges the items of a stream one by one, each by itself: several threads may share a stream. What a record has in
 * common with another is for who sees both.
 */
export function itemJudge({ now, limits = {} }: StreamOptions = {}): (item: StreamItem) => StreamedRecord {
  const judging: Judging = {
    now,
    today: now === undefined ? undefined : latestDayAnywhere(now),
    maxBytes: limits.recordBytes ?? streamLimits.recordBytes,
  }
  return (item) => judgeItem(item, judging)
}

interface Judging {
  readonly now: Date | undefined
  readonly today: string | undefined
  readonly maxBytes: number
}

function judgeItem(item: StreamItem, judging: Judging): StreamedRecord {
  const { index, offset } = item
  if (item.kind === 'record') return judgeRecord(item, judging)
  const { finding: found, stops } = item
  return { index, offset, stops, ...refused([found]) }
}

const none = (): undefined => undefined

function refused(findings: readonly Finding[]): Omit<StreamedRecord, 'index' | 'offset' | 'stops'> {
  return { format: 'decp-json', version: undefined, verdict: 'refused', findings, canonical: none, key: undefined }
}

function judgeRecord(item: RecordItem, judging: Judging): StreamedRecord {
  const { index, offset, bytes } = item
  try {
    const judged = bytes[0] === 0x3c ? judgeXml(item, judging) : judgeJson(item, judging)
    return { index, offset, stops: false, ...judged }
  } catch (error) {
    // A fault of ours refuses the record, and the stream goes on.
    const value = error instanceof Error ? error.message : String(error)
    return { index, offset, stops: false, ...refused([finding('FORMAT-INTERNAL', { record: index, value })]) }
  }
}

type Judged = ReturnType<typeof refused>

function judgeJson({ index, bytes, contract }: RecordItem, { today, maxBytes }: Judging): Judged {
  const reading = readJson(bytes, { bytes: maxBytes })
  if (!reading.ok) return refused(reading.findings.map((found) => ({ ...found, record: index })))
  const record = reading.value
  const known = decpShape(record)
  const shape = known === 'unknown' && contract !== undefined ? '2.0.4' : known
  const version = shape === 'unknown' ? undefined : shape
  const located = { record, base: '', shape, contract: contract ?? contractOf(record) }
  const { findings, kept } = judgeLocated(located, index, today)
  if (kept === undefined) return { ...refused(findings), version }
  const canonical = (): Canonical => kept.award()
  return { format: 'decp-json', version, verdict: 'accepted', findings, canonical, key: contractKey(kept) }
}

function judgeXml({ index, bytes }: RecordItem, { now, maxBytes }: Judging): Judged {
  const { version, verdict, findings, records } = examineXml(bytes, { maxBytes, ...(now === undefined ? {} : { now }) })
  // An element alone is what a stream of elements is cut into, so it is not told.
  const own = findings.filter(({ rule }) => rule !== 'DECP-SHAPE').map((found) => ({ ...found, record: index }))
  return { format: 'decp-xml', version, verdict, findings: own, canonical: () => records[0]?.canonical, key: undefined }
}
