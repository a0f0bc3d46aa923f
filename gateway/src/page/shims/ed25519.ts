import { ed25519 } from '@noble/curves/ed25519.js'
import { sha512 } from '@noble/hashes/sha2.js'
import { bigOf } from './der.ts'

const { Point } = ed25519
const littleEndian = (bytes: Uint8Array): bigint => bigOf(bytes.toReversed())

/**
 * Ed25519 as OpenSSL, and so node:crypto, judges it: s below the order, and the encoding of sB - kA equal to R, without
 * multiplying by the cofactor. The library's own function is stricter with some crafted keys and laxer with some crafted
 * signatures; the command and the page must not disagree.
 */
export function verifyEd25519(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (signature.length !== 64) return false
  const r = signature.subarray(0, 32)
  const s = littleEndian(signature.subarray(32))
  const order = Point.Fn.ORDER
  if (s >= order) return false
  try {
    // Encodings beyond the field's prime are reduced, as OpenSSL does.
    const a = Point.fromBytes(Uint8Array.from(key), true)
    const k = littleEndian(sha512(Buffer.concat([r, key, message]))) % order
    const expected = Point.BASE.multiplyUnsafe(s).subtract(a.multiplyUnsafe(k))
    return Buffer.compare(expected.toBytes(), r) === 0
  } catch {
    return false
  }
}
