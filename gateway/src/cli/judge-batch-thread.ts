import { type Batch, type JudgedBatch, judgeBatch } from './judge-batch.ts'

/** Entry of a thread of `socle validate`: a batch of records in, what there is to tell of them out. */
export function judgeBatchInThread(batch: Batch): JudgedBatch {
  return judgeBatch(batch)
}

// Piscina takes the module's default export as the task.
export { judgeBatchInThread as default }
