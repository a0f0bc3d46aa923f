import { createDecipheriv } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** What a row of `documents`, and its consultation's of `consultation_keys`, say of the bytes. */
export interface StoredRow {
  readonly id: string
  readonly stored_as: string
  readonly content: Uint8Array
  readonly data_key: Uint8Array | null
  readonly consultation: string
  readonly wrapped_key: Uint8Array | null
}

/** Opens documents with the storage key alone, without the hub's code (how they are stored: gateway/src/store/vault.ts). */
export function openerOf(storageKeyFile: string): (row: StoredRow) => Buffer {
  const storageKey = Buffer.from(readFileSync(storageKeyFile, 'utf8').trim(), 'base64')
  return ({ id, stored_as, content, data_key, consultation, wrapped_key }) => {
    if (stored_as !== 'aes-256-gcm') return Buffer.from(content)
    const consultationKey = open(storageKey, wrapped_key, `socle consultation ${consultation}`)
    return open(open(consultationKey, data_key, `socle data key ${id}`), content, `socle document ${id}`)
  }
}

/** Nonce, ciphertext, tag. @throws Error when it was changed, or belongs to another name */
function open(key: Uint8Array, sealed: Uint8Array | null, name: string): Buffer {
  const bytes = Buffer.from(sealed ?? [])
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12))
  decipher.setAAD(Buffer.from(name))
  decipher.setAuthTag(bytes.subarray(-16))
  return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()])
}
