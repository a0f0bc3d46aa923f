import type { Appended, NewEntry } from './record/entry.ts'
import type { Reader, Writer } from './store/database.ts'

/**
 * A port exists only where two adapters do (or are on their way with their own suite): Store, Bus, TimestampAuthority.
 * Everything else is a plain function. Each contract below is what `test/src/contracts` checks on every adapter.
 */

/** The ledger and the tables beside it. */
export interface Store {
  /** Queries. Sees everything whose `append` has resolved. Never writes. */
  readonly reader: Reader
  /** Single durable statements outside the ledger (accounts, subscriptions, cursors). Not for entries. */
  readonly writer: Writer
  /**
   * Appends in one transaction and resolves when it is durable (fsynced): numbers without a gap in the order given,
   * idempotency keys decided inside the transaction, root recomputed, checkpoint signed, head moved.
   * One result an entry, in order. Rejects as a whole: then none of them was recorded, or the outcome is unknown and
   * the caller's retry with the same idempotency key settles it.
   */
  append(entries: readonly NewEntry[]): Promise<readonly Appended[]>
  close(): Promise<void>
}

/** One event for subscribers, keyed by consultation so that order holds within each. */
export interface BusMessage {
  readonly topic: string
  readonly key: string
  readonly sequence: number
  /** CloudEvents 1.0 structured JSON. */
  readonly event: Uint8Array
}

/** Carries published events. At least once; in order per key; the same sequence again after a crash. */
export interface Bus {
  /** False when nobody can ever read what goes to the topic now (embedded, without a subscriber): the work is then spared. */
  hasReaders(topic: string): boolean
  /** Resolves when every message is with the bus for good. */
  publish(messages: readonly BusMessage[]): Promise<void>
  subscribe(topic: string, receive: (message: BusMessage) => Promise<void>): { close(): void }
  close(): Promise<void>
}

/** An outside clock (RFC 3161). Answers the whole DER TimeStampResp over the bytes given. */
export interface TimestampAuthority {
  stamp(data: Uint8Array): Promise<Uint8Array>
}

export type Clock = () => Date
