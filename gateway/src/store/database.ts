import type { Generated, Kysely, Transaction } from 'kysely'
import type { AccountRow, ClientAssertionRow, ClientKeyRow, MandateRow, SubscriptionRow } from './access-rows.ts'

/** Both dialects are production ones. They differ in three places only: column types, the head's lock, the size of an insert. */
export type Dialect = 'sqlite' | 'postgres'

/**
 * The tables, as rows. Text, bytes and integers only, so that one set of queries serves both dialects.
 * Instants are RFC 3339 text in UTC with milliseconds; lists are JSON text.
 */
export interface Database {
  ledger_head: LedgerHeadRow
  entries: EntryRow
  tree_nodes: TreeNodeRow
  checkpoints: CheckpointRow
  documents: DocumentRow
  idempotency_keys: IdempotencyKeyRow
  accounts: AccountRow
  client_keys: ClientKeyRow
  client_assertions: ClientAssertionRow
  mandates: MandateRow
  subscriptions: SubscriptionRow
  deliveries: DeliveryRow
  outcomes: OutcomeRow
  cursors: CursorRow
  leases: LeaseRow
  time_tokens: TimeTokenRow
  losses: LossRow
  shards: ShardRow
  consultation_keys: ConsultationKeyRow
  erasures: ErasureRow
  seal_tokens: SealTokenRow
  cosignatures: CosignatureRow
  evidence_records: EvidenceRecordRow
}

export type Reader = Kysely<Database>
export type Writer = Kysely<Database> | Transaction<Database>

/**
 * One row, id 1: the size of the ledger, the right edge of the tree of the log that goes on, and its last signed
 * checkpoint. Locking it serialises every append.
 */
export interface LedgerHeadRow {
  id: number
  size: number
  edge: Uint8Array
  checkpoint: string
  /** Of the log that goes on; number of its first entry. */
  shard: number
  first: number
}

/** One row a log entry. `leaf` is what the tree hashes; `envelope`, `salt` and `seal` open it and are blank once erased. */
export interface EntryRow {
  idx: number
  id: string
  kind: string
  type: string
  at: string
  account: string | null
  leaf: Uint8Array
  envelope: Uint8Array
  salt: Uint8Array
  seal: Uint8Array | null
  /** Size of the checkpoint this entry was committed under: the receipt proves inclusion in that one. */
  checkpoint_size: number
}

/** One row a completed tile (256 leaves at level 1, 65 536 at level 2...): the leaves below are in `entries`. */
export interface TreeNodeRow {
  level: number
  idx: number
  hash: Uint8Array
}

export interface CheckpointRow {
  size: number
  at: string
  note: string
  /** RFC 3161 response over the note's bytes, once there is one. */
  token: Uint8Array | null
}

/** One row an accepted document, beside its entry, which is found by id. */
export interface DocumentRow {
  id: string
  idx: number
  kind: string
  account: string
  buyer: string
  consultation: string
  source_key: string
  format: string
  version: string
  name: string
  media_type: string
  size: number
  sha256: string
  /** The bytes as they came, or their ciphertext, by `stored_as`. Read with `readContent` only. */
  content: Uint8Array
  /** Empty: the bytes themselves (before migration 0007); `aes-256-gcm`; `erased`: nothing is left. */
  stored_as: Generated<string>
  /** The document's key, wrapped by the one of its consultation. */
  data_key: Generated<Uint8Array | null>
}

/** The key of a consultation, wrapped by the storage key. None is left once all of its documents are erased. */
export interface ConsultationKeyRow {
  /** Entry of the document that needed it first. */
  idx: number
  consultation: string
  wrapped_key: Uint8Array
}

/** One row an erased document or refusal. */
export interface ErasureRow {
  document: string
  /** Of the `era` entry. */
  idx: number
  at: string
  /** Reference of the decision, without personal data. */
  decision: string
}

export interface IdempotencyKeyRow {
  account: string
  key: string
  sha256: string
  idx: number
}

export interface DeliveryRow {
  document: string
  recipient: string
  channel: string
  at: string
  idx: number
}

export interface OutcomeRow {
  id: string
  document: string
  account: string
  result: string
  url: string
  reason: string
  at: string
  idx: number
}

export interface CursorRow {
  name: string
  position: number
  at: string
  /** What the reader must remember beside its position; its own text, empty at first. */
  state: string
}

/** One row a `ts` entry: what its token says. */
export interface TimeTokenRow {
  idx: number
  /** Of the checkpoint under the token. */
  size: number
  /** SHA-256 of the signer's certificate, hexadecimal. */
  signer: string
  /** Hexadecimal. */
  serial: string
  gen_time: string
  accuracy_ms: number
}

/** One row a seal that has its timestamp. */
export interface SealTokenRow {
  /** Of the sealed entry. */
  idx: number
  /** RFC 3161 response over the signature value of the seal. */
  token: Uint8Array
  /** As in `time_tokens`. */
  signer: string
  serial: string
}

/** A hash tree over documents (link 0), or a later token over the token before it (RFC 4998). */
export interface EvidenceRecordRow {
  /** It is about documents in [first, size) of the log. */
  first: number
  /** 0, and one more for each hash tree that was made anew. */
  chain: number
  link: number
  size: number
  /** UTC day of its first document: 2026-11-24. */
  day: string
  digest: string
  /** Documents and their digests (store/evidence-records.ts); empty for a renewal. */
  members: Uint8Array
  /** Of a renewal whose token covers others too: digests beside its way up. */
  path: Uint8Array
  /** Bare RFC 3161 token. */
  token: Uint8Array
  gen_time: string
  /** When the first certificate that the token leans on ends. */
  until: string
}

/** One row a loss that the operator accepted: entries that were given out and are gone. */
export interface LossRow {
  /** Of the entry that says it. */
  idx: number
  /** First number that was lost. */
  lost_from: number
  /** First number after them. */
  lost_to: number
}

/** One row a witness and checkpoint. */
export interface CosignatureRow {
  /** Of the checkpoint. */
  size: number
  /** Name and key id of the witness, as its verifier key begins. */
  witness: string
  /** When the witness says that it looked. */
  at: string
  /** The signature line, without its newline; verified before it came here. */
  line: string
}

/** One row a log of the ledger, from the first hand-over on. It ends where the next one begins. */
export interface ShardRow {
  number: number
  origin: string
  vkey: string
  first: number
}

/** Who runs a loop now. `until` is milliseconds since 1970 on the store's own clock; the epoch grows with each new holder. */
export interface LeaseRow {
  name: string
  holder: string
  epoch: number
  until: number
}
