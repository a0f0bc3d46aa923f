import type { KeyObject } from 'node:crypto'
import type { LedgerStep } from '../record/ledger.ts'
import type { Appended, NewEntry } from '../record/entry.ts'
import type { HandedOver, HandOverOrder } from '../record/hand-over.ts'

/** What the writer thread is started with. */
export interface WriterStart {
  readonly file: string
  readonly origin: string
  readonly logKey: KeyObject
  /** Wraps the keys that documents are stored under. */
  readonly storageKey: KeyObject
  /** In-memory file systems are for trials only. */
  readonly allowInMemory: boolean
  /** Fault injection, given by tests as an argument: the thread kills the process at this step. */
  readonly killAt?: LedgerStep | 'committed'
}

export type WriterRequest =
  | { readonly id: number; readonly ask: 'append'; readonly entries: readonly NewEntry[] }
  | { readonly id: number; readonly ask: 'hand-over'; readonly order: HandOverOrder }
  | { readonly id: number; readonly ask: 'query'; readonly sql: string; readonly parameters: readonly unknown[] }
  | { readonly id: number; readonly ask: 'close' }

export interface QueryAnswer {
  readonly rows: readonly unknown[]
  readonly changes: number
}

export type WriterAnswer =
  | {
      readonly id: number
      readonly ok: true
      readonly appended?: readonly Appended[]
      readonly handedOver?: HandedOver
      readonly query?: QueryAnswer
    }
  | { readonly id: number; readonly ok: false; readonly message: string; readonly code: string | undefined }
