import { type Kind, kinds } from '@socle/schemas'
import { isObject, type Json } from './answers.ts'
import { HubClientError } from './hub-client-error.ts'

/** A document on its way: what it is, and the bytes. */
export interface Deposit {
  readonly kind: Kind
  readonly bytes: Uint8Array
  /** Absent: made from kind and bytes, so that adding the same document again is the same deposit. */
  readonly key?: string
  /** SIRET, when the document carries none. */
  readonly buyer?: string
  readonly consultation?: string
  readonly mediaType?: string
}

export type KeyedDeposit = Deposit & { readonly key: string }

/** One file holds both: a line of JSON, then the bytes as they are. They become durable together, or not at all. */
export function formatDeposit({ bytes, ...head }: KeyedDeposit): Uint8Array {
  return Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), bytes])
}

/** @throws HubClientError FILE_UNREADABLE naming the file */
export function parseDeposit(file: Buffer, name: string): KeyedDeposit {
  const end = file.indexOf(0x0a)
  const head = end < 0 ? undefined : parseHead(file.subarray(0, end).toString('utf8'))
  const key = head?.['key']
  const kind = kinds.find((kind) => kind === head?.['kind'])
  if (!head || !kind || typeof key !== 'string')
    throw new HubClientError('FILE_UNREADABLE', { reason: `deposit ${name}` })
  return { kind, key, bytes: file.subarray(end + 1), ...hintsOf(head) }
}

function hintsOf(head: Json): Pick<Deposit, 'buyer' | 'consultation' | 'mediaType'> {
  const { buyer, consultation, mediaType } = head
  return {
    ...(typeof buyer === 'string' ? { buyer } : {}),
    ...(typeof consultation === 'string' ? { consultation } : {}),
    ...(typeof mediaType === 'string' ? { mediaType } : {}),
  }
}

function parseHead(line: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}
