import { createReadStream } from 'node:fs'
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
import { type Batch, judgeBatch, type JudgedBatch, packBatch } from './judge-batch.ts'
import { type StreamReport, Tally } from './tally.ts'

const pieceBytes = 262_144

/** Bytes of records that go to a thread together: much more than the journey costs, little enough to hold a few of. */
const batchBytes = 262_144

/** Batches that may wait for the thread beside this one; what is more is judged here. */
const mostAtThread = 2

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

/**
 * Judges a stream on two cores, this thread and one beside it; what is found goes to the tally in the order of the
 * records. More threads would be faster where there are more cores, but each has a heap of its own of some 70 MiB, and a
 * bounded memory is what a stream is read for.
 */
export async function judgePieces(pieces: AsyncIterable<Uint8Array>, now: Date, tally: Tally): Promise<void> {
  const pool = new Piscina({
    filename: threadUrl(import.meta.url, 'judge-batch-thread').href,
    minThreads: 1,
    maxThreads: 1,
    execArgv: [],
    resourceLimits: { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 96 },
  })
  let atThread = 0
  const judge = async (batch: Batch): Promise<JudgedBatch> => {
    if (atThread >= mostAtThread) {
      // A turn for what came back meanwhile.
      await new Promise<void>((resolve) => void setImmediate(resolve))
      return judgeBatch(batch)
    }
    atThread++
    try {
      return (await pool.run(batch)) as JudgedBatch
    } finally {
      atThread--
    }
  }
  const judgeFault = itemJudge({ now })
  try {
    const jobs = ordered(
      batches(streamRecords(unpack(pieces))),
      async (batch) => ('kind' in batch ? judgeFault(batch) : await judge(packBatch(batch, now))),
      mostAtThread + 2,
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
