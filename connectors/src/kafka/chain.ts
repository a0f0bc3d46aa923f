import type { KafkaRecord } from './record.ts'

/** How far one partition has been handled. */
export interface Progress {
  /** Offset of the record to read next. */
  readonly next: number
  /** Highest `hub-seq` handled; absent before the first record. */
  readonly last?: number
  /** Log that `last` counts in (`ce_source`); absent when the record did not say. */
  readonly source?: string
  /** The operator accepted a gap: the next new record is taken without a look at its `hub-prev`. */
  readonly gapAccepted?: boolean
}

export type Judgement =
  /** To be handled; then the progress is `after`. */
  | { readonly is: 'next'; readonly sequence: number; readonly after: Progress }
  /** The first record ever: to be handled as well. `complete` is false when the topic held older ones once. */
  | { readonly is: 'start'; readonly sequence: number; readonly complete: boolean; readonly after: Progress }
  | { readonly is: 'repeated'; readonly after: Progress }
  /** Records between `expected` (the last one seen) and `previous` (the one before this) never came. */
  | { readonly is: 'loss'; readonly sequence: number; readonly expected: number; readonly previous: number }
  /** The numbers are of another log than those before. */
  | { readonly is: 'other-log'; readonly expected: string; readonly source: string }
  /** No record of a hub: without numbers neither repetition nor loss can be known. */
  | { readonly is: 'foreign'; readonly reason: string }

/**
 * The consumer rule of the hub's topics, on one topic-partition: `hub-seq` not above the last one seen is a repetition;
 * `hub-prev` that is not the last one seen means that a record is missing. Pure.
 */
export function judgeRecord(progress: Progress | undefined, record: KafkaRecord): Judgement {
  const sequence = numberIn(record.headers['hub-seq'])
  const previous = record.headers['hub-prev'] === '-1' ? -1 : numberIn(record.headers['hub-prev'])
  if (sequence === undefined || previous === undefined || previous >= sequence)
    return { is: 'foreign', reason: 'hub-seq and hub-prev are not two numbers that grow' }
  const source = record.headers['ce_source']
  const next = record.offset + 1
  const after: Progress = { next, last: sequence, ...(source === undefined ? {} : { source }) }
  if (progress?.last === undefined) return { is: 'start', sequence, complete: previous === -1, after }
  if (progress.source !== undefined && source !== undefined && source !== progress.source) {
    if (progress.gapAccepted === true) return { is: 'next', sequence, after }
    return { is: 'other-log', expected: progress.source, source }
  }
  if (sequence <= progress.last) return { is: 'repeated', after: { ...progress, next } }
  if (previous === progress.last || progress.gapAccepted === true) return { is: 'next', sequence, after }
  return { is: 'loss', sequence, expected: progress.last, previous }
}

function numberIn(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined
}
