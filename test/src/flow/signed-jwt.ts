import { constants, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'

export type Json = Readonly<Record<string, unknown>>

/** A key pair and how a JWT is signed with it: made here by hand, so that the hub's library is not judged by itself. */
export interface SigningKey {
  readonly alg: string
  readonly privateKey: KeyObject
  readonly jwk: Json
}

export function makeKey(alg: 'ES256' | 'EdDSA' | 'RS256' | 'PS256', rsaBits = 2_048): SigningKey {
  const { privateKey, publicKey } =
    alg === 'ES256'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : alg === 'EdDSA'
        ? generateKeyPairSync('ed25519')
        : generateKeyPairSync('rsa', { modulusLength: rsaBits })
  return { alg, privateKey, jwk: { ...publicKey.export({ format: 'jwk' }) } }
}

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

export function signJwt({ alg, privateKey }: SigningKey, header: Json, claims: Json): string {
  const text = `${part({ alg, ...header })}.${part(claims)}`
  return `${text}.${signatureOf(alg, Buffer.from(text), privateKey).toString('base64url')}`
}

function signatureOf(alg: string, text: Buffer, key: KeyObject): Buffer {
  if (alg === 'EdDSA') return sign(null, text, key)
  if (alg === 'ES256') return sign('sha256', text, { key, dsaEncoding: 'ieee-p1363' })
  if (alg === 'PS256') return sign('sha256', text, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 })
  return sign('sha256', text, key)
}
