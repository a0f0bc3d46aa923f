import { type Finding, finding } from '@socle/schemas'
import { latestDayAnywhere } from '../calendar.ts'
import type { ExaminedRecord } from '../examination.ts'
import { type JudgedRecord, judgeRecord } from './judge.ts'
import { type Located, keysOf, layoutOf, located } from './layout.ts'
import { contractKey, createNeighbours } from './neighbours.ts'
import { refusal200 } from './old-versions.ts'
import type { DecpSequence } from './sequence.ts'
import { mostFindings } from './view.ts'

export interface ExaminedDecp {
  readonly findings: readonly Finding[]
  readonly records: readonly ExaminedRecord[]
}

/** Judges every record of a DECP file, each on its own: one that is refused does not take the others with it. */
export function examineDecp(root: unknown, now: Date | undefined): ExaminedDecp {
  const { records, findings } = layoutOf(root)
  return judgeAll(records, findings, now)
}

/** The same for documents written one after the other, whose records were told apart by their bytes. */
export function examineDecpSequence({ records, findings }: DecpSequence, now: Date | undefined): ExaminedDecp {
  const shape = finding('DECP-SHAPE', { value: '{…} {…}' })
  // What could not be read was told by its reader.
  const place = records.map(({ value, contract }) => (value === undefined ? undefined : located(value, '', contract)))
  return judgeAll(place, [shape, ...findings], now)
}

function judgeAll(
  located: readonly (Located | undefined)[],
  around: readonly Finding[],
  now: Date | undefined,
): ExaminedDecp {
  const findings: Finding[] = [...around]
  const records: ExaminedRecord[] = []
  const neighbours = createNeighbours()
  const today = now === undefined ? undefined : latestDayAnywhere(now)
  for (const [index, one] of located.entries()) {
    const isJudged = one !== undefined && findings.length < mostFindings
    const judged = isJudged ? judgeLocated(one, index, today) : unjudged
    for (const found of judged.findings) findings.push(found)
    const pointer = one?.base ?? ''
    if (judged.kept !== undefined) findings.push(...neighbours.meet(contractKey(judged.kept), index, { pointer }))
    records.push({ index, canonical: judged.kept?.award() })
  }
  if (findings.length < mostFindings) return { findings, records }
  const more = finding('FORMAT-MORE-FINDINGS', { expected: String(mostFindings) })
  return { findings: [...findings.slice(0, mostFindings), more], records }
}

const unjudged: JudgedRecord = { findings: [], kept: undefined }

/** One record in its place: an old version is kept or refused, the one in force judged. */
export function judgeLocated(
  { record, base, shape, contract }: Located,
  index: number,
  today: string | undefined,
): JudgedRecord {
  switch (shape) {
    case '2.0.0':
      return { findings: [refusal200(record, base, index)], kept: undefined }
    case 'unknown':
      return {
        findings: [finding('DECP-ROOT', { record: index, pointer: base, value: keysOf(record) })],
        kept: undefined,
      }
    default: {
      const { findings, kept } = judgeRecord({ contract, version: shape, record, index, base, today }, shape)
      const isBare = shape === '2.0.4' && /^\/marches\/\d+$/.test(base)
      const place = isBare ? [finding('DECP-WRAPPER', { record: index, pointer: base })] : []
      return place.length === 0 ? { findings, kept } : { findings: [...place, ...findings], kept }
    }
  }
}
