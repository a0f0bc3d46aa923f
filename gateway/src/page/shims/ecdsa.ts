import { p256, p384, p521 } from '@noble/curves/nist.js'
import { inside, naturalOf, octetsOf, readOnly, tags } from './der.ts'

/** OpenSSL's names, which node:crypto gives; and the length of a number of each curve. */
type Ecdsa = typeof p256

export type CurveName = 'prime256v1' | 'secp384r1' | 'secp521r1'

const curves: Readonly<Record<CurveName, { readonly ecdsa: Ecdsa; readonly length: number }>> = {
  prime256v1: { ecdsa: p256, length: 32 },
  secp384r1: { ecdsa: p384, length: 48 },
  secp521r1: { ecdsa: p521, length: 66 },
}

export const curveNames: Readonly<Record<string, CurveName>> = {
  '1.2.840.10045.3.1.7': 'prime256v1',
  '1.3.132.0.34': 'secp384r1',
  '1.3.132.0.35': 'secp521r1',
}

/** @throws Error when the octets name no point of the curve */
export function checkPoint(curve: CurveName, point: Uint8Array): void {
  curves[curve].ecdsa.Point.fromBytes(point).assertValidity()
}

/**
 * ECDSA over a digest, as OpenSSL judges it: the signature in its one DER form, r and s within the order; both s and its
 * negative are good.
 */
export function verifyEcdsa(curve: CurveName, point: Uint8Array, digest: Uint8Array, signature: Uint8Array): boolean {
  const { ecdsa, length } = curves[curve]
  try {
    const [r, s, ...rest] = inside(readOnly(signature), tags.sequence).map(naturalOf)
    const order = ecdsa.Point.Fn.ORDER
    if (r === undefined || s === undefined || rest.length > 0 || r >= order || s >= order) return false
    const compact = Buffer.concat([octetsOf(r, length), octetsOf(s, length)])
    return ecdsa.verify(compact, digest, point, { prehash: false, lowS: false })
  } catch {
    return false
  }
}
