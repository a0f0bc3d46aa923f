import type { Finding } from '@socle/schemas'
import type { DecpContract } from '../decp/view.ts'

/** Explicit bounds of a stream: nothing in it may make the memory grow. */
export interface StreamLimits {
  /** Bytes of one record; a larger one is skipped and told. */
  readonly recordBytes: number
  /** Records; the stream stops after them. */
  readonly records: number
  /** Nested arrays and objects of one record. */
  readonly depth: number
}

export const streamLimits: StreamLimits = { recordBytes: 1_048_576, records: 5_000_000, depth: 64 }

/** One record as its exact bytes in the stream. They are the receiver's to keep: nothing writes into them later. */
export interface RecordItem {
  readonly kind: 'record'
  /** 0-based number in the stream. */
  readonly index: number
  /** Of the first byte, in the (decompressed) stream. */
  readonly offset: number
  readonly bytes: Uint8Array
  /** The list it stands in, when there is one. */
  readonly contract: DecpContract | undefined
}

/**
 * Something wrong around records, or a record that was skipped (then `index` is its number). `stops` when nothing after
 * it can be read.
 */
export interface FaultItem {
  readonly kind: 'fault'
  readonly index: number | undefined
  readonly offset: number
  readonly finding: Finding
  readonly stops: boolean
}

export type StreamItem = RecordItem | FaultItem

/** Takes a stream in pieces of any size and gives back its records. Pure: the same bytes give the same items, however cut. */
export interface Splitter {
  push(chunk: Uint8Array): readonly StreamItem[]
  /** To be called once, after the last piece. */
  end(): readonly StreamItem[]
}
