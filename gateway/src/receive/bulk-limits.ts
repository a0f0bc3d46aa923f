import { type StreamLimits, streamLimits } from '@socle/mappings'
import { unpackLimits } from '../unpack.ts'

export interface BulkLimits extends StreamLimits {
  /** Bytes as sent. */
  readonly bytes: number
  /** Bytes after unpacking, and how many times more than before. */
  readonly unpackedBytes: number
  readonly ratio: number
  /** Records on their way at a time: one group commit takes them together. */
  readonly inHand: number
  /** Milliseconds from the first byte to the last. */
  readonly totalMs: number
  /** Milliseconds without a byte from the sender, or without the sender taking a line. */
  readonly idleMs: number
  /** How often an overloaded ledger is asked again for one record, a second apart. */
  readonly retries: number
}

/**
 * Bounds of POST /v1/awards/bulk, all of them; gateway/README.md tells them to senders. Memory: `inHand` records and the
 * one being read, whatever the size of the stream.
 */
export const bulkLimits: BulkLimits = {
  ...streamLimits,
  bytes: 2 * 1024 ** 3,
  unpackedBytes: unpackLimits.bytes,
  ratio: unpackLimits.ratio,
  inHand: 64,
  totalMs: 30 * 60_000,
  idleMs: 60_000,
  retries: 20,
}
