import { createNeighbours, type StreamedRecord } from '@socle/mappings'
import { type Finding, finding } from '@socle/schemas'
import type { JudgedBatch } from './judge-batch.ts'

/** Findings told of one file; the counts by rule go on. */
const mostFindings = 1000

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

/** Counts what came of the records of one file, in their order; keeps no record. */
export class Tally {
  readonly #neighbours = createNeighbours()
  readonly #findings: Finding[] = []
  readonly #rules = new Map<string, number>()
  readonly #formats = new Set<string>()
  readonly #versions = new Set<string | undefined>()
  #read = 0
  #accepted = 0
  #isRefused = false

  batch({ told, silent, format, versions, keys }: JudgedBatch): void {
    this.#read += silent
    this.#accepted += silent
    if (silent > 0) this.#formats.add(format)
    for (const version of versions) this.#versions.add(version)
    for (const record of told) this.record(record)
    for (const { index, key } of keys) for (const met of this.#neighbours.meet(key, index, {})) this.note(met)
  }

  record({ index, verdict, format, version, findings }: Omit<StreamedRecord, 'canonical' | 'stops' | 'key'>): void {
    for (const found of findings) this.note(found)
    if (verdict === 'refused') this.#isRefused = true
    if (index === undefined) return
    this.#read++
    if (verdict === 'accepted') this.#accepted++
    this.#formats.add(format)
    this.#versions.add(version)
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
    return {
      file,
      format,
      version,
      verdict: this.#isRefused || none.length > 0 ? 'refused' : 'accepted',
      findings: [...this.#findings, ...none],
      records: { read: this.#read, accepted: this.#accepted, refused: this.#read - this.#accepted },
      rules: Object.fromEntries([...this.#rules].sort(([a], [b]) => (a < b ? -1 : 1))),
    }
  }
}
