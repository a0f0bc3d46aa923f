import type { KeyObject } from 'node:crypto'
import { createRandom } from '../random.ts'
import { type CipherKey, decrypt, encrypt, nonceBytes } from './content-cipher.ts'

/** What `stored_as` of a document's row says of bytes that the vault sealed. */
export const storedAs = 'aes-256-gcm'

/** What a document's row holds of its bytes. */
export interface StoredBytes {
  readonly content: Uint8Array
  /** Wrapped by the key of the consultation. */
  readonly data_key: Uint8Array | null
}

/** A consultation's key and, for its row, the same under the storage key. */
export interface ConsultationKey {
  readonly key: Uint8Array
  readonly wrapped: Uint8Array
}

/**
 * Three keys one above the other: each document has its own, under that of its consultation, under the hub's storage
 * key. Whoever has the database alone reads no document; a document whose key is deleted is gone from every copy that
 * holds no key of it. Each ciphertext opens beside its own document only.
 */
export interface Vault {
  newConsultationKey(consultation: string): ConsultationKey
  /** @throws VaultError when the storage key is another one, or the row was changed */
  openConsultationKey(consultation: string, wrapped: Uint8Array): Uint8Array
  seal(id: string, bytes: Uint8Array, consultationKey: Uint8Array): StoredBytes
  /** `whole`: exactly what was sealed. Otherwise what is left of it, which may be nothing. */
  open(id: string, stored: StoredBytes, consultationKey: Uint8Array): { bytes: Uint8Array; whole: boolean }
}

/** A consultation's key does not open. */
export class VaultError extends Error {
  override readonly name = 'VaultError'
}

const keyBytes = 32

/** Each key is drawn once and used for one thing; nonces are random, and a consultation has far fewer than 2^32 documents. */
export function createVault(storageKey: KeyObject): Vault {
  const random = createRandom()
  const wrap = (key: CipherKey, bytes: Uint8Array, bound: string): Uint8Array =>
    encrypt(key, random(nonceBytes), bytes, bound)
  return {
    newConsultationKey(consultation) {
      const key = random(keyBytes)
      return { key, wrapped: wrap(storageKey, key, forConsultation(consultation)) }
    },
    openConsultationKey(consultation, wrapped) {
      const { bytes, whole } = decrypt(storageKey, wrapped, forConsultation(consultation))
      if (whole) return bytes
      throw new VaultError(
        'La clé d’une consultation ne s’ouvre pas : storage.key n’est pas la bonne (HUB_KEYS_DIR), ou sa ligne a été altérée. / The key of a consultation does not open: storage.key is not the right one (HUB_KEYS_DIR), or its row was changed.',
      )
    },
    seal(id, bytes, consultationKey) {
      const dataKey = random(keyBytes)
      const content = wrap(dataKey, bytes, forDocument(id))
      const wrapped = wrap(consultationKey, dataKey, forDataKey(id))
      dataKey.fill(0)
      return { content, data_key: wrapped }
    },
    open(id, { content, data_key }, consultationKey) {
      const dataKey = decrypt(consultationKey, data_key ?? new Uint8Array(0), forDataKey(id))
      return dataKey.whole
        ? decrypt(dataKey.bytes, content, forDocument(id))
        : { bytes: new Uint8Array(0), whole: false }
    },
  }
}

const forConsultation = (consultation: string): string => `socle consultation ${consultation}`
const forDocument = (id: string): string => `socle document ${id}`
const forDataKey = (id: string): string => `socle data key ${id}`
