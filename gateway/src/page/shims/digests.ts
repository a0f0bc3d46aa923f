import { sha1 } from '@noble/hashes/legacy.js'
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js'

/** A hash function of the library: of bytes at once, or piece by piece. */
export interface DigestFunction {
  (bytes: Uint8Array): Uint8Array
  create(): { update(bytes: Uint8Array): unknown; digest(): Uint8Array }
}

/** What the verifier hashes with. SHA-1 only tells certificates apart in old time stamps; no signature rests on it. */
const functions: ReadonlyMap<string, DigestFunction> = new Map<string, DigestFunction>([
  ['sha1', sha1],
  ['sha256', sha256],
  ['sha384', sha384],
  ['sha512', sha512],
])

/** @throws Error for a name that this page has no function for */
export function digestFunction(name: string): DigestFunction {
  const known = functions.get(name.toLowerCase())
  if (known === undefined) throw new Error(`the digest ${name} is not known to this page`)
  return known
}

export function digestOf(name: string, bytes: Uint8Array): Uint8Array {
  return digestFunction(name)(bytes)
}
