import type { Sequence } from '../ids.ts'

export type EntryKind = 'doc' | 'rej' | 'dlv' | 'out' | 'era' | 'ts' | 'key' | 'cfg' | 'avl' | 'shard'

/** Rows that must become durable together with their entry, never before and never without it. */
export type Effect =
  | { readonly write: 'document'; readonly row: DocumentFields }
  | { readonly write: 'mandate'; readonly row: MandateFields }
  | {
      readonly write: 'delivery'
      readonly documents: readonly string[]
      readonly recipient: string
      readonly channel: 'webhook' | 'feed'
    }
  | { readonly write: 'outcome'; readonly row: OutcomeFields }
  | { readonly write: 'subscription-position'; readonly id: string; readonly position: Sequence }
  | { readonly write: 'token'; readonly size: number; readonly token: Uint8Array }
  | { readonly write: 'outside-time'; readonly row: OutsideTimeFields }
  | { readonly write: 'loss'; readonly from: Sequence; readonly to: Sequence }
  /** Everything that opens the document or refusal goes; `decision` is a reference without personal data. */
  | { readonly write: 'erasure'; readonly document: string; readonly decision: string }

export interface DocumentFields {
  readonly kind: string
  readonly account: string
  readonly buyer: string
  readonly consultation: string
  readonly sourceKey: string
  readonly format: string
  readonly version: string
  readonly name: string
  readonly mediaType: string
  readonly sha256: string
  readonly content: Uint8Array
}

export interface MandateFields {
  readonly account: string
  readonly buyer: string
  readonly notBefore: string
  readonly notAfter: string
}

export interface OutcomeFields {
  readonly document: string
  readonly account: string
  readonly result: string
  readonly url: string
  readonly reason: string
}

/** What a token says that a later one is held against. */
export interface OutsideTimeFields {
  readonly size: number
  readonly signer: string
  readonly serial: string
  readonly genTime: string
  readonly accuracyMs: number
}

/** An entry ready to be numbered: sealed and serialised already, so that the transaction only writes and hashes. */
export interface NewEntry {
  readonly id: string
  readonly kind: EntryKind
  readonly type: string
  readonly at: string
  readonly account?: string
  readonly leaf: Uint8Array
  readonly envelope: Uint8Array
  readonly salt: Uint8Array
  readonly seal?: Uint8Array
  /** Decided inside the transaction: the first bytes under a key win, for ever. */
  readonly idempotency?: { readonly account: string; readonly key: string; readonly sha256: string }
  readonly effects: readonly Effect[]
}

/** What became of an entry. Only `recorded` wrote anything. `late`: its token states an earlier time than one logged meanwhile. */
export type Appended =
  | {
      readonly result: 'recorded'
      readonly index: Sequence
      /** Of the ledger at its checkpoint. */
      readonly size: number
      /** Number of the first entry of its log: index and size in the log are what is beyond. */
      readonly first: number
      readonly path: readonly string[]
      readonly checkpoint: string
    }
  | { readonly result: 'replayed'; readonly index: Sequence }
  | { readonly result: 'key-reused' }
  | { readonly result: 'late' }

/** Bytes an entry keeps in memory while it waits, for the queue's limit. */
export function weightOf(entry: NewEntry): number {
  let bytes = entry.leaf.length + entry.envelope.length + 512
  for (const effect of entry.effects) if (effect.write === 'document') bytes += effect.row.content.length
  return bytes
}
