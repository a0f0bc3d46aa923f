import { createHash } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Kind, Receipt } from '@socle/schemas'
import { openDirectory, readIfThere, writeDurably } from './durable-file.ts'
import { HubClientError } from './hub-client-error.ts'

/** A receipt, and the deposit it answers. */
export interface KeptReceipt {
  /** Idempotency key of the deposit. */
  readonly key: string
  readonly kind: Kind
  readonly receipt: Receipt
}

/**
 * Receipts on disk: `ID.receipt.json` holds the receipt alone, as `socle verify` takes it, and `keys/DIGEST.json` says
 * which key it answers. The receipt is written first: a key file without its receipt cannot come from a crash.
 */
export interface ReceiptStore {
  readonly directory: string
  /**
   * Durable when it resolves. The same again changes nothing.
   * @throws HubClientError RECEIPT_CONFLICT when the key already has another receipt (both are then on disk)
   */
  put(kept: KeptReceipt): Promise<void>
  /** The receipt that answers a key, as it was kept: verify it before relying on it. */
  find(key: string): Promise<KeptReceipt | undefined>
}

export const receiptSuffix = '.receipt.json'

/** @throws HubClientError FILE_UNREADABLE from `find` and `put` when a kept file is damaged */
export async function openReceiptStore(directory: string): Promise<ReceiptStore> {
  await openDirectory(directory)
  await openDirectory(join(directory, 'keys'))
  const find = async (key: string): Promise<KeptReceipt | undefined> => {
    const note = await readKeyNote(keyFile(directory, key))
    if (!note) return undefined
    const bytes = await readIfThere(join(directory, `${note.receipt}${receiptSuffix}`))
    if (!bytes) throw new HubClientError('FILE_UNREADABLE', { reason: `receipt ${note.receipt} is missing` })
    return { key, kind: note.kind, receipt: parseKept(bytes, note.receipt) as Receipt }
  }
  return {
    directory,
    find,
    async put({ key, kind, receipt }) {
      const path = join(directory, `${checkedId(receipt.id)}${receiptSuffix}`)
      const there = await readKeyNote(keyFile(directory, key))
      if (there?.receipt === receipt.id && (await readIfThere(path))) return
      await writeDurably(path, `${JSON.stringify(receipt, undefined, 2)}\n`)
      if (there && there.receipt !== receipt.id)
        throw new HubClientError('RECEIPT_CONFLICT', { reason: `${there.receipt} and ${receipt.id}` })
      const note: KeyNote = { key, kind, receipt: receipt.id }
      await writeDurably(keyFile(directory, key), `${JSON.stringify(note)}\n`)
    },
  }
}

export interface KeyNote {
  readonly key: string
  readonly kind: Kind
  readonly receipt: string
}

/** Every note of the store. @throws HubClientError FILE_UNREADABLE */
export async function* readKeyNotes(directory: string): AsyncGenerator<KeyNote> {
  const keys = join(directory, 'keys')
  for (const name of (await readdir(keys)).sort()) {
    const note = name.endsWith('.json') ? await readKeyNote(join(keys, name)) : undefined
    if (note) yield note
  }
}

async function readKeyNote(path: string): Promise<KeyNote | undefined> {
  const bytes = await readIfThere(path)
  if (!bytes) return undefined
  const note = parseKept(bytes, path) as Partial<KeyNote>
  if (typeof note.key !== 'string' || typeof note.receipt !== 'string' || note.kind === undefined)
    throw new HubClientError('FILE_UNREADABLE', { reason: path })
  return { key: note.key, kind: note.kind, receipt: checkedId(note.receipt) }
}

function parseKept(bytes: Buffer, name: string): object {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'))
    if (typeof value === 'object' && value !== null) return value
  } catch (error) {
    throw new HubClientError('FILE_UNREADABLE', { reason: name }, error)
  }
  throw new HubClientError('FILE_UNREADABLE', { reason: name })
}

/** Keys may hold any visible character: their digest is the file's name. */
function keyFile(directory: string, key: string): string {
  return join(directory, 'keys', `${createHash('sha256').update(key).digest('hex')}.json`)
}

function checkedId(id: string): string {
  if (!/^[0-9a-f-]{36}$/.test(id)) throw new HubClientError('FILE_UNREADABLE', { reason: 'a receipt without an id' })
  return id
}
