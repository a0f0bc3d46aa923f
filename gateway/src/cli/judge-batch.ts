import { type ContractKey, itemJudge, type RecordItem, type StreamedRecord } from '@socle/mappings'

/** Records of a stream on their way to a thread: their bytes in one piece, so that one copy carries them all. */
export interface Batch {
  readonly now: Date
  readonly bytes: Uint8Array
  /** Per record: its number, its offset in the stream, its length, and the list it stands in. */
  readonly indexes: Float64Array
  readonly offsets: Float64Array
  readonly lengths: Float64Array
  readonly contracts: readonly RecordItem['contract'][]
}

/** One record as it comes back; what only the same thread could use is left there. */
export type JudgedRecord = Omit<StreamedRecord, 'canonical' | 'stops'>

export function packBatch(items: readonly RecordItem[], now: Date): Batch {
  return {
    now,
    bytes: Buffer.concat(items.map(({ bytes }) => bytes)),
    indexes: Float64Array.from(items, ({ index }) => index),
    offsets: Float64Array.from(items, ({ offset }) => offset),
    lengths: Float64Array.from(items, ({ bytes }) => bytes.length),
    contracts: items.map(({ contract }) => contract),
  }
}

/** What came of a batch: the records that have something to tell, and of all others what there is to count and compare. */
export interface JudgedBatch {
  readonly told: readonly JudgedRecord[]
  readonly silent: number
  readonly format: StreamedRecord['format']
  readonly versions: readonly (string | undefined)[]
  readonly keys: readonly { readonly index: number; readonly key: ContractKey }[]
}

export function judgeBatch({ now, bytes, indexes, offsets, lengths, contracts }: Batch): JudgedBatch {
  const judge = itemJudge({ now })
  const told: JudgedRecord[] = []
  const keys: { index: number; key: ContractKey }[] = []
  const versions = new Set<string | undefined>()
  let format: StreamedRecord['format'] = 'decp-json'
  let silent = 0
  let from = 0
  for (const [place, contract] of contracts.entries()) {
    const index = indexes[place] ?? 0
    const to = from + (lengths[place] ?? 0)
    const item: RecordItem = {
      kind: 'record',
      index,
      offset: offsets[place] ?? 0,
      bytes: bytes.subarray(from, to),
      contract,
    }
    from = to
    const { canonical: _, stops: __, ...judged } = judge(item)
    versions.add(judged.version)
    format = judged.format
    if (judged.key !== undefined) keys.push({ index, key: judged.key })
    if (judged.findings.length === 0 && judged.verdict === 'accepted') silent++
    else told.push(judged)
  }
  return { told, silent, format, versions: [...versions], keys }
}
