import type { Trust } from '@socle/schemas'

/** What a run leaves behind, as files; the checker judges it with no code of the hub. */
export interface Evidence {
  readonly run: Run
  /** What the senders did and were told, in the order in which they wrote it down. */
  readonly history: readonly Step[]
  readonly log: LogCopy
  /** Rows of the ledger, by plain SQL, in the order of their numbers. */
  readonly ledger: readonly LedgerRow[]
  /** Every record of every topic, each partition in the order of its offsets. */
  readonly topics: readonly TopicRecord[]
  /** What subscribers put into effect, each in its own order. */
  readonly applied: readonly Applied[]
}

/** What was set up: says what must be there. */
export interface Run {
  readonly name: string
  readonly seed: number
  /** Topic of each type of document, and of `outcome`; empty in a run without Kafka. */
  readonly topics: Readonly<Record<string, string>>
  readonly subscribers: readonly Subscriber[]
}

export interface Subscriber {
  readonly name: string
  /** Types of documents that it is to get, whoever sent them; `outcome`: outcomes too. */
  readonly types: readonly string[]
  /** The buyer mandates it: it may know that a confidential document came. */
  readonly mandated: boolean
  /** What comes in the order of the log: all of a consultation, or all of one topic's (Kafka knows no order across topics). */
  readonly ordered: 'consultation' | 'consultation and type'
}

/**
 * One line of the history: of a document, or of an outcome that a recipient reports on one. An attempt is an `invoke` and then at most one answer: `ok` (a receipt), `fail` (a clear no)
 * or `info` (nobody knows: the connection broke, or 503). What is `info` is sent again under the same key.
 */
export interface Step {
  /** Milliseconds since 1970, of the sender. */
  readonly at: number
  readonly process: string
  readonly op: 'deposit' | 'outcome'
  readonly type: 'invoke' | 'ok' | 'fail' | 'info'
  readonly account: string
  readonly key: string
  /** In the first `invoke` of a key: what was sent. */
  readonly sent?: Sent
  /** HTTP status of an answer. */
  readonly status?: number
  /** In an `ok`: the receipt to the letter; of an outcome the answer, which names its entry. */
  readonly receipt?: string
  /** Why it is `fail` or `info`. */
  readonly reason?: string
}

export interface Sent {
  readonly kind: string
  readonly consultation: string
  /** Base64. */
  readonly content: string
  /** What a confidential document says that nobody without a mandate of its buyer may read: names, to the letter. */
  readonly secrets?: readonly string[]
}

/** The exported log: its checkpoint, keys, and the leaves of its entry bundles. */
export interface LogCopy {
  readonly checkpoint: string
  readonly trust: Trust
  readonly leaves: readonly Uint8Array[]
}

export interface LedgerRow {
  readonly idx: number
  readonly id: string
  readonly kind: string
  /** Idempotency key and its account, where the entry has one. */
  readonly account?: string
  readonly key?: string
}

export interface TopicRecord {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly key: string
  readonly headers: Readonly<Record<string, string>>
  readonly value: string
}

export interface Applied {
  readonly subscriber: string
  /** Id of the event, which is that of the document or outcome. */
  readonly id: string
  readonly sequence: number
  readonly consultation: string
  /** The event, as far as the subscriber could see it. */
  readonly text: string
}
