import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto'

const keyBytes = 32

/** A new storage key, as the text of its file. */
export function makeStorageKey(): string {
  return `${randomBytes(keyBytes).toString('base64')}\n`
}

/** @throws RangeError when the text is not 32 bytes in base64 */
export function parseStorageKey(text: string): KeyObject {
  const bytes = Buffer.from(text.trim(), 'base64')
  if (bytes.length !== keyBytes || bytes.toString('base64') !== text.trim())
    throw new RangeError(`a storage key is ${keyBytes} bytes in base64`)
  return createSecretKey(bytes)
}
