import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto'

/** AES-256-GCM. What is written: nonce (12 bytes), ciphertext, tag (16 bytes). */
const algorithm = 'aes-256-gcm'
export const nonceBytes = 12
const tagBytes = 16

export type CipherKey = KeyObject | Uint8Array

/** @param nonce never used twice under one key */
export function encrypt(key: CipherKey, nonce: Uint8Array, plain: Uint8Array, bound: string): Uint8Array {
  const cipher = createCipheriv(algorithm, key, nonce)
  cipher.setAAD(Buffer.from(bound))
  const parts = [nonce, cipher.update(plain), cipher.final()]
  return Buffer.concat([...parts, cipher.getAuthTag()])
}

/**
 * @param bound what the bytes belong to: they open beside that name only
 * @returns the bytes, and whether they are those that were encrypted; not whole, they are what is left of them
 */
export function decrypt(
  key: CipherKey,
  sealed: unknown,
  bound: string,
): { readonly bytes: Uint8Array; readonly whole: boolean } {
  // Whoever changed a row of SQLite may have made a text of it.
  if (!(sealed instanceof Uint8Array) || sealed.length < nonceBytes + tagBytes)
    return { bytes: new Uint8Array(0), whole: false }
  const decipher = createDecipheriv(algorithm, key, sealed.subarray(0, nonceBytes), { authTagLength: tagBytes })
  decipher.setAAD(Buffer.from(bound))
  decipher.setAuthTag(sealed.subarray(-tagBytes))
  const bytes = decipher.update(sealed.subarray(nonceBytes, -tagBytes))
  try {
    decipher.final()
    return { bytes, whole: true }
  } catch {
    return { bytes, whole: false }
  }
}
