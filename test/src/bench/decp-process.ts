import { createStreamExaminer, type StreamedRecord } from '@socle/mappings'
import { aContract, type Json } from '../decp/base.ts'

/** What the process tells on its standard output, as one JSON line. */
export interface DecpResult {
  readonly bytes: number
  readonly contracts: number
  readonly accepted: number
  readonly seconds: number
  /** The most memory the process ever had, in bytes. */
  readonly peakRss: number
}

const blockRecords = 2_000
const pieceBytes = 65_536
const mark = 'Z0000000000'

/** Contracts as they come: a quarter has a modification, one in fifty subcontracts; objects of all lengths. */
function blockOf(count: number): Buffer {
  const records = Array.from({ length: count }, (_, n) => {
    const record: Json = { ...aContract(), id: mark, objet: aSubject(n), montant: 40_000.5 + n }
    if (n % 4 !== 0) delete record['modifications']
    if (n % 50 !== 0) {
      delete record['actesSousTraitance']
      delete record['modificationsActesSousTraitance']
      record['sousTraitanceDeclaree'] = false
    }
    if (n % 10 !== 0) delete record['idAccordCadre']
    return JSON.stringify(record)
  })
  return Buffer.from(`${records.join(',\n')},\n`)
}

function aSubject(n: number): string {
  const words = 'Réfection de la toiture, des façades et des menuiseries extérieures du gymnase municipal, lot n° '
  return `${words.repeat(1 + (n % 5))}${n}`.slice(0, 900)
}

/** The same block again and again under new numbers, until the stream has so many bytes; nothing of it is kept. */
function* stream(bytes: number): Generator<Buffer> {
  const block = blockOf(blockRecords)
  const places: number[] = []
  for (let at = block.indexOf(mark); at !== -1; at = block.indexOf(mark, at + 1)) places.push(at)
  yield Buffer.from('{"marches":{"marche":[')
  let number = 0
  for (let sent = 0; sent < bytes; sent += block.length) {
    for (const at of places) block.write(String(++number).padStart(mark.length, '0'), at, 'latin1')
    // A reader may keep a piece it was given, so each is a copy, as those of a file are.
    for (let at = 0; at < block.length; at += pieceBytes) yield Buffer.from(block.subarray(at, at + pieceBytes))
  }
  yield Buffer.from(`${JSON.stringify({ ...aContract(), id: 'last' })}]}}`)
}

function run(bytes: number): DecpResult {
  const now = new Date('2026-11-24T12:00:00Z')
  const examiner = createStreamExaminer({ now })
  const counts = { contracts: 0, accepted: 0, bytes: 0 }
  const count = (records: readonly StreamedRecord[]): void => {
    for (const { index, verdict } of records) {
      if (index !== undefined) counts.contracts++
      if (verdict === 'accepted') counts.accepted++
    }
  }
  const started = performance.now()
  for (const piece of stream(bytes)) {
    counts.bytes += piece.length
    count(examiner.push(piece))
  }
  count(examiner.end())
  const seconds = (performance.now() - started) / 1_000
  return { ...counts, seconds, peakRss: process.resourceUsage().maxRSS * 1_024 }
}

const asked = Number(process.argv[2] ?? 1_000_000_000)
process.stdout.write(`${JSON.stringify(run(asked))}\n`)
