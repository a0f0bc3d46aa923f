import type { TimestampDigest } from '@socle/schemas'
import type { Appended, NewEntry } from './record/entry.ts'
import type { HandedOver, HandOverOrder } from './record/hand-over.ts'
import type { Dialect, Reader, Writer } from './store/database.ts'
import type { Vault } from './store/vault.ts'

/**
 * A port exists only where two adapters do (or are on their way with their own suite): Store, Bus, Cache,
 * TimestampAuthority.
 * Everything else is a plain function. Each contract below is what `test/src/contracts` checks on every adapter.
 */

/** The ledger and the tables beside it. */
export interface Store {
  /** In PostgreSQL other replicas append too: news may come that this process was not told of. */
  readonly dialect: Dialect
  /** Queries. Sees everything whose `append` has resolved. Never writes. */
  readonly reader: Reader
  /** Single durable statements outside the ledger (accounts, subscriptions, cursors). Not for entries. */
  readonly writer: Writer
  /** Opens the bytes of documents, which are kept encrypted: ask `readContent` for them. */
  readonly vault: Vault
  /**
   * Appends in one transaction and resolves when it is durable (fsynced): numbers without a gap in the order given,
   * idempotency keys decided inside the transaction, root recomputed, checkpoint signed, head moved.
   * One result an entry, in order. Rejects as a whole: then none of them was recorded, or the outcome is unknown and
   * the caller's retry with the same idempotency key settles it.
   */
  append(entries: readonly NewEntry[]): Promise<readonly Appended[]>
  /**
   * Ends the log and begins the next one, in one transaction, and resolves when it is durable. From then on this store,
   * like every other one that has the old name, appends nothing: whoever goes on opens it under the new name.
   */
  handOver(order: HandOverOrder): Promise<HandedOver>
  close(): Promise<void>
}

/** One event for subscribers, keyed by consultation so that order holds within each. */
export interface BusMessage {
  readonly topic: string
  /** Consultation: the unit of order. */
  readonly key: string
  /** Told by the key, as Kafka's own clients would. */
  readonly partition: number
  /** Index in the log. */
  readonly sequence: number
  /** Sequence of the message before it on that partition; -1 for the first: whoever misses one sees it. */
  readonly previous: number
  /** SHA-256 (hex) of the entry's leaf: ties the message to the log. */
  readonly leaf: string
  /** CloudEvents 1.0 context attributes: everything but the data. */
  readonly attributes: Readonly<Record<string, string>>
  /** JSON. */
  readonly data: Uint8Array
}

/** The newest message that a topic-partition holds: what others were told last, whatever became of the ledger. */
export interface Tail {
  readonly topic: string
  readonly partition: number
  readonly sequence: number
  /** Hexadecimal, as in the message. */
  readonly leaf: string
  /** CloudEvents attribute: names the log. */
  readonly source: string
}

/** Carries published events. At least once; in order per key; the same sequence again after a crash. */
export interface Bus {
  /** Of every topic, fixed for ever: another number would send a consultation elsewhere. */
  readonly partitions: number
  /** False when nobody can ever read what goes to the topic now (embedded, without a subscriber): the work is then spared. */
  hasReaders(topic: string): boolean
  /**
   * Resolves when every message is with the bus for good; rejects when that is not sure of each of them: then the caller
   * gives all of them again, in the same order. One call at a time.
   */
  publish(messages: readonly BusMessage[]): Promise<void>
  /** Of each topic-partition that keeps any message. Rejects when the bus does not answer. */
  tails(): Promise<readonly Tail[]>
  close(): Promise<void>
}

/** At most `perSecond` in the long run, and `burst` at once. */
export interface RateLimit {
  readonly perSecond: number
  readonly burst: number
}

/** Limits and hints shared by replicas. Never truth: losing it costs time, and changes no verdict. */
export interface Cache {
  /**
   * Whether `name` may do `cost` more now. A server that does not answer is replaced by this process's own count.
   * @returns milliseconds until it may, when it may not
   */
  take(
    name: string,
    limit: RateLimit,
    cost: number,
  ): Promise<{ readonly allowed: boolean; readonly retryAfterMs: number }>
  /** True for the first who asks within `ttlMs`; true for everybody when the server does not answer. */
  claim(name: string, ttlMs: number): Promise<boolean>
  /** Gives a claim of this process back before its time. */
  release(name: string): Promise<void>
  close(): Promise<void>
}

/** Outside clocks (RFC 3161). */
export interface TimestampAuthority {
  /**
   * The whole DER TimeStampResp over the bytes given, after every check that the adapter can make.
   * @param accept throws for a token that is good by itself but does not go with those before it: where there is another
   *   authority, it is then asked
   * @param digest what the imprint is: SHA-256 unless an evidence record is renewed by another hash tree
   * @throws Error when no good token can be had now
   */
  stamp(data: Uint8Array, accept?: (token: Uint8Array) => Promise<void>, digest?: TimestampDigest): Promise<Uint8Array>
}

export type Clock = () => Date
