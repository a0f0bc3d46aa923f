import { ProofError } from './proof-error.ts'

const canonicalForm = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

export function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
}

/**
 * Standard base64 with padding, in its only canonical form. One value must have one text, else the same
 * proof could be altered and still pass.
 * @param length expected number of bytes, when known
 * @throws ProofError
 */
export function fromBase64(text: string, length?: number): Buffer {
  if (!canonicalForm.test(text)) throw new ProofError('not standard base64')
  const bytes = Buffer.from(text, 'base64')
  if (bytes.toString('base64') !== text) throw new ProofError('base64 with stray bits')
  if (length !== undefined && bytes.length !== length) {
    throw new ProofError(`${bytes.length} bytes of base64 where ${length} are expected`)
  }
  return bytes
}
