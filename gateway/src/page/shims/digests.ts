import { sha1 } from '@noble/hashes/legacy.js'
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js'

/** What the verifier hashes with. SHA-1 only tells certificates apart in old time stamps; no signature rests on it. */
const functions = { sha1, sha256, sha384, sha512 } as const

export type DigestName = keyof typeof functions

/** @throws Error for a name that this page has no function for */
export function digestFunction(name: string): (typeof functions)[DigestName] {
  const known = name.toLowerCase().replace('sha-', 'sha')
  if (known in functions) return functions[known as DigestName]
  throw new Error(`the digest ${name} is not known to this page`)
}

export function digestOf(name: string, bytes: Uint8Array): Uint8Array {
  return digestFunction(name)(bytes)
}
