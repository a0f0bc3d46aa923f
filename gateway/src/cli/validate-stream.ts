import { createReadStream } from 'node:fs'
import { availableParallelism } from 'node:os'
import {
  createStreamExaminer,
  type FaultItem,
  itemJudge,
  type RecordItem,
  type StreamedRecord,
  streamRecords,
} from '@socle/mappings'
import { finding } from '@socle/schemas'
import { Piscina } from 'piscina'
import { ordered } from '../ordered.ts'
import { threadUrl } from '../thread-url.ts'
import { unpack, UnpackError } from '../unpack.ts'
import { type JudgedBatch, packBatch } from './judge-batch.ts'
import { type StreamReport, Tally } from './tally.ts'

const pieceBytes = 262_144

/** Bytes of records that go to a thread together: much more than the journey costs, little enough to hold a few of. */
const batchBytes = 262_144

/** Each thread has a heap of its own, so more of them would cost more memory than the bound this is made for. */
const mostThreads = 2

/**
 * Judges a file of award data (JSON of any arrangement, XML, NDJSON, gzip) as it is read: memory does not grow with it.
 * `told`, when given, gets each record in its order, and one thread does all. Throws what the file system says.
 */
export async function judgeStream(
  file: string,
  now: Date,
  told?: (record: StreamedRecord) => void,
): Promise<StreamReport> {
  const pieces = createReadStream(file, { highWaterMark: pieceBytes })
  const tally = new Tally()
  try {
    if (told === undefined) await judgePieces(pieces, now, tally)
    else await tellRecords(unpack(pieces), now, tally, told)
  } catch (error) {
    if (!(error instanceof UnpackError)) throw error
    const isLimit = error.why === 'limit'
    tally.note(finding(isLimit ? 'STREAM-LIMIT' : 'STREAM-COMPRESSION', { value: 'gzip', expected: error.message }))
  }
  return tally.report(file)
}

/** Judges a stream on all cores; what is found goes to the tally in the order of the records. */
export async function judgePieces(pieces: AsyncIterable<Uint8Array>, now: Date, tally: Tally): Promise<void> {
  const threads = Math.min(availableParallelism(), mostThreads)
  const pool = new Piscina({
    filename: threadUrl(import.meta.url, 'judge-batch-thread').href,
    minThreads: threads,
    maxThreads: threads,
    execArgv: [],
    resourceLimits: { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 96 },
  })
  const judgeFault = itemJudge({ now })
  try {
    const jobs = ordered(
      batches(streamRecords(unpack(pieces))),
      async (batch) =>
        Array.isArray(batch)
          ? ((await pool.run(packBatch(batch, now))) as JudgedBatch)
          : judgeFault(batch as FaultItem),
      threads + 1,
    )
    for await (const job of jobs) {
      if ('silent' in job) tally.batch(job)
      else tally.record(job)
    }
  } finally {
    await pool.destroy()
  }
}

/** Records in batches, and faults between them where they stand. */
async function* batches(
  items: AsyncIterable<RecordItem | FaultItem>,
): AsyncGenerator<readonly RecordItem[] | FaultItem> {
  let batch: RecordItem[] = []
  let bytes = 0
  for await (const item of items) {
    if (item.kind === 'record') {
      batch.push(item)
      bytes += item.bytes.length
    }
    if (batch.length > 0 && (item.kind === 'fault' || bytes >= batchBytes)) {
      yield batch
      batch = []
      bytes = 0
    }
    if (item.kind === 'fault') yield item
  }
  if (batch.length > 0) yield batch
}

async function tellRecords(
  pieces: AsyncIterable<Uint8Array>,
  now: Date,
  tally: Tally,
  told: (record: StreamedRecord) => void,
): Promise<void> {
  const examiner = createStreamExaminer({ now })
  const take = (records: readonly StreamedRecord[]): boolean => {
    for (const record of records) {
      told(record)
      tally.record(record)
    }
    return records.some(({ stops }) => stops)
  }
  for await (const piece of pieces) if (take(examiner.push(piece))) return
  take(examiner.end())
}
