import { createStreamExaminer, type StreamedRecord } from '@socle/mappings'
import { contractStream } from './contract-stream.ts'

/** What the process tells on its standard output, as one JSON line. */
export interface DecpResult {
  readonly bytes: number
  readonly contracts: number
  readonly accepted: number
  readonly seconds: number
  /** The most memory the process ever had, in bytes. */
  readonly peakRss: number
}

function run(bytes: number): DecpResult {
  const examiner = createStreamExaminer({ now: new Date('2026-11-24T12:00:00Z') })
  const counts = { contracts: 0, accepted: 0, bytes: 0 }
  const count = (records: readonly StreamedRecord[]): void => {
    for (const { index, verdict } of records) {
      if (index !== undefined) counts.contracts++
      if (verdict === 'accepted') counts.accepted++
    }
  }
  const started = performance.now()
  for (const piece of contractStream(bytes)) {
    counts.bytes += piece.length
    count(examiner.push(piece))
  }
  count(examiner.end())
  const seconds = (performance.now() - started) / 1_000
  return { ...counts, seconds, peakRss: process.resourceUsage().maxRSS * 1_024 }
}

process.stdout.write(`${JSON.stringify(run(Number(process.argv[2] ?? 1_000_000_000)))}\n`)
