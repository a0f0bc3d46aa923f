import { createReadStream } from 'node:fs'
import { createStreamExaminer, type StreamedRecord, streamLimits } from '@socle/mappings'
import { type Finding, finding } from '@socle/schemas'
import { unpack, UnpackError } from '../unpack.ts'

/** Findings told of one file; the counts by rule go on. */
const mostFindings = 1000

const pieceBytes = 262_144

/** What was found in a file too large to be read at once. */
export interface StreamReport {
  readonly file: string
  readonly format: string
  /** Undefined when records of several versions, or none, were found. */
  readonly version: string | undefined
  readonly verdict: 'accepted' | 'refused'
  readonly findings: readonly Finding[]
  readonly records: { readonly read: number; readonly accepted: number; readonly refused: number }
  /** How often each rule spoke, in the order of their names. */
  readonly rules: Readonly<Record<string, number>>
}

/**
 * Judges a file of award data (JSON of any arrangement, XML, NDJSON, gzip) as it is read: memory does not grow with it.
 * `told` gets each record as soon as it is judged. Throws what the file system says.
 */
export async function judgeStream(
  file: string,
  now: Date,
  told: (record: StreamedRecord) => void = () => undefined,
): Promise<StreamReport> {
  const tally = new Tally(told)
  const examiner = createStreamExaminer({ now, limits: streamLimits })
  try {
    for await (const piece of unpack(createReadStream(file, { highWaterMark: pieceBytes }))) {
      if (tally.take(examiner.push(piece))) return tally.report(file)
    }
    tally.take(examiner.end())
  } catch (error) {
    if (!(error instanceof UnpackError)) throw error
    const isLimit = error.why === 'limit'
    tally.note(finding(isLimit ? 'STREAM-LIMIT' : 'STREAM-COMPRESSION', { value: 'gzip', expected: error.message }))
  }
  return tally.report(file)
}

class Tally {
  readonly #told: (record: StreamedRecord) => void
  readonly #findings: Finding[] = []
  readonly #rules = new Map<string, number>()
  readonly #formats = new Set<string>()
  readonly #versions = new Set<string | undefined>()
  #read = 0
  #accepted = 0
  #isRefused = false

  constructor(told: (record: StreamedRecord) => void) {
    this.#told = told
  }

  /** True when the stream cannot be read further. */
  take(records: readonly StreamedRecord[]): boolean {
    for (const record of records) {
      this.#told(record)
      for (const found of record.findings) this.note(found)
      if (record.index !== undefined) {
        this.#read++
        if (record.verdict === 'accepted') this.#accepted++
        this.#formats.add(record.format)
        this.#versions.add(record.version)
      }
      if (record.verdict === 'refused') this.#isRefused = true
      if (record.stops) return true
    }
    return false
  }

  note(found: Finding): void {
    this.#rules.set(found.rule, (this.#rules.get(found.rule) ?? 0) + 1)
    if (found.severity === 'reject') this.#isRefused = true
    if (this.#findings.length < mostFindings) this.#findings.push(found)
  }

  report(file: string): StreamReport {
    const [format = 'unknown'] = this.#formats
    const [version] = this.#versions.size === 1 ? this.#versions : []
    const none = this.#read === 0 && this.#findings.length === 0 ? [finding('DECP-NO-RECORD', {})] : []
    const isRefused = this.#isRefused || none.length > 0
    return {
      file,
      format,
      version,
      verdict: isRefused ? 'refused' : 'accepted',
      findings: [...this.#findings, ...none],
      records: { read: this.#read, accepted: this.#accepted, refused: this.#read - this.#accepted },
      rules: Object.fromEntries([...this.#rules].sort(([a], [b]) => (a < b ? -1 : 1))),
    }
  }
}
