import { bigOf, octetsOf } from './der.ts'

export interface RsaKey {
  readonly modulus: bigint
  readonly exponent: bigint
}

/** Above these OpenSSL refuses to compute: nobody signs with such keys, they only keep a verifier busy. */
const maxModulusBits = 16_384
const smallModulusBits = 3_072
const maxExponentBits = 64

/** DigestInfo before the digest itself (RFC 8017 section 9.2). */
const prefixes: Readonly<Record<string, string>> = {
  sha1: '3021300906052b0e03021a05000414',
  sha256: '3031300d060960864801650304020105000420',
  sha384: '3041300d060960864801650304020205000430',
  sha512: '3051300d060960864801650304020305000440',
}

export function bitsIn(value: bigint): number {
  return value === 0n ? 0 : value.toString(2).length
}

/**
 * RSASSA-PKCS1-v1_5: the whole encoded message is built and compared, nothing in the signature is parsed, so that no
 * padding can hide anything.
 */
export function verifyRsa(
  { modulus, exponent }: RsaKey,
  name: string,
  digest: Uint8Array,
  signature: Uint8Array,
): boolean {
  const bits = bitsIn(modulus)
  const length = Math.ceil(bits / 8)
  const prefix = prefixes[name]
  if (prefix === undefined || bits > maxModulusBits || modulus % 2n === 0n || exponent >= modulus) return false
  if (bits > smallModulusBits && bitsIn(exponent) > maxExponentBits) return false
  const value = bigOf(signature)
  if (signature.length !== length || value >= modulus) return false
  const info = Buffer.concat([Buffer.from(prefix, 'hex'), digest])
  const padding = length - 3 - info.length
  if (padding < 8) return false
  const expected = Buffer.concat([Buffer.from([0, 1]), Buffer.alloc(padding, 0xff), Buffer.from([0]), info])
  return expected.equals(Buffer.from(octetsOf(power(value, exponent, modulus), length)))
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n
  let square = base
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * square) % modulus
    square = (square * square) % modulus
  }
  return result
}
