import { bitsOf, expectTag, inside, naturalOf, oidOf, readOnly, tags } from './der.ts'
import { checkPoint, type CurveName, curveNames } from './ecdsa.ts'
import { bitsIn, type RsaKey } from './rsa.ts'

/** What the verifier asks of node:crypto's KeyObject. */
export interface PublicKey {
  readonly type: 'public'
  readonly asymmetricKeyType: string
  readonly asymmetricKeyDetails: {
    readonly namedCurve?: string
    readonly modulusLength?: number
    readonly publicExponent?: bigint
  }
  export(options: { readonly format: 'der'; readonly type: 'spki' }): Buffer
  /** For `verify` of this folder. */
  readonly material: Material
}

export type Material =
  | { readonly kind: 'ed25519'; readonly octets: Uint8Array }
  | { readonly kind: 'ec'; readonly curve: CurveName; readonly point: Uint8Array }
  | ({ readonly kind: 'rsa' } & RsaKey)
  /** A key that the verifier refuses by its kind; it is only named. */
  | { readonly kind: 'other' }

const others: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.10': 'rsa-pss',
  '1.2.840.10040.4.1': 'dsa',
  '1.3.101.110': 'x25519',
  '1.3.101.111': 'x448',
  '1.3.101.113': 'ed448',
}

/** Reads a SubjectPublicKeyInfo. @throws Error when it is none, or its point is not on its curve */
export function publicKeyOf(der: Uint8Array): PublicKey {
  const spki = Buffer.from(der)
  const [algorithm, bits, ...more] = inside(readOnly(spki), tags.sequence)
  const [oid, parameters, ...rest] = inside(algorithm, tags.sequence)
  if (more.length > 0 || rest.length > 0) throw new Error('not a public key')
  const octets = bitsOf(bits)
  const name = oidOf(oid)
  if (name === '1.3.101.112') {
    if (parameters !== undefined || octets.length !== 32) throw new Error('not an Ed25519 key')
    return keyOf(spki, 'ed25519', {}, { kind: 'ed25519', octets })
  }
  if (name === '1.2.840.10045.2.1') return ecKeyOf(spki, oidOf(parameters), octets)
  if (name === '1.2.840.113549.1.1.1') {
    if (parameters !== undefined) expectTag(parameters, tags.null)
    return rsaKeyOf(spki, octets)
  }
  const known = others[name]
  if (known === undefined) throw new Error(`keys of kind ${name} are not known to this page`)
  return keyOf(spki, known, {}, { kind: 'other' })
}

function ecKeyOf(spki: Buffer, curveOid: string, point: Uint8Array): PublicKey {
  const curve = curveNames[curveOid]
  if (curve === undefined) return keyOf(spki, 'ec', { namedCurve: curveOid }, { kind: 'other' })
  checkPoint(curve, point)
  return keyOf(spki, 'ec', { namedCurve: curve }, { kind: 'ec', curve, point })
}

function rsaKeyOf(spki: Buffer, octets: Uint8Array): PublicKey {
  const [modulus, exponent, ...rest] = inside(readOnly(octets), tags.sequence).map(naturalOf)
  if (modulus === undefined || exponent === undefined || rest.length > 0) throw new Error('not an RSA key')
  const details = { modulusLength: bitsIn(modulus), publicExponent: exponent }
  return keyOf(spki, 'rsa', details, { kind: 'rsa', modulus, exponent })
}

function keyOf(
  spki: Buffer,
  asymmetricKeyType: string,
  asymmetricKeyDetails: PublicKey['asymmetricKeyDetails'],
  material: Material,
): PublicKey {
  return { type: 'public', asymmetricKeyType, asymmetricKeyDetails, material, export: () => Buffer.from(spki) }
}
