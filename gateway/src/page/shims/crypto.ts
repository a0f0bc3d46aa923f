/**
 * The part of node:crypto that the verifier uses, for the page that verifies in a browser: the same answers, on portable
 * code. `crypto.test.ts` asks both the same questions. Nothing here signs, and nothing here is used by the hub.
 */
import { digestFunction, digestOf } from './digests.ts'
import { verifyEcdsa } from './ecdsa.ts'
import { verifyEd25519 } from './ed25519.ts'
import { derOf } from './pem.ts'
import { type PublicKey, publicKeyOf } from './public-key.ts'
import { verifyRsa } from './rsa.ts'

export { X509Certificate } from './x509.ts'

export interface Hash {
  update(data: string | Uint8Array): Hash
  digest(): Buffer
  digest(encoding: BufferEncoding): string
}

/** @throws Error for a digest that is not known here */
export function createHash(name: string): Hash {
  const state = digestFunction(name).create()
  function digest(): Buffer
  function digest(encoding: BufferEncoding): string
  function digest(encoding?: BufferEncoding): Buffer | string {
    const result = Buffer.from(state.digest())
    return encoding === undefined ? result : result.toString(encoding)
  }
  const made: Hash = {
    update(data) {
      state.update(typeof data === 'string' ? Buffer.from(data) : data)
      return made
    },
    digest,
  }
  return made
}

/** @throws Error for a digest that is not known here */
export function hash(name: string, data: string | Uint8Array, encoding: 'buffer'): Buffer
export function hash(name: string, data: string | Uint8Array, encoding?: BufferEncoding): string
export function hash(
  name: string,
  data: string | Uint8Array,
  encoding: BufferEncoding | 'buffer' = 'hex',
): Buffer | string {
  const digest = Buffer.from(digestOf(name, typeof data === 'string' ? Buffer.from(data) : data))
  return encoding === 'buffer' ? digest : digest.toString(encoding)
}

/** A SubjectPublicKeyInfo, in DER or PEM. @throws Error when it is none */
export function createPublicKey(
  source: string | { readonly key: string | Uint8Array; readonly format: 'der' | 'pem'; readonly type?: 'spki' },
): PublicKey {
  const { key, format } = typeof source === 'string' ? { key: source, format: 'pem' } : source
  const isDer = format === 'der' && typeof key !== 'string'
  return publicKeyOf(isDer ? key : derOf(key.toString(), 'PUBLIC KEY'))
}

/** @throws Error for a key or digest that node:crypto would not take together either */
export function verify(
  digestName: string | null | undefined,
  data: Uint8Array,
  { material: key, asymmetricKeyType }: PublicKey,
  signature: Uint8Array,
): boolean {
  if (key.kind === 'ed25519') {
    if (digestName) throw new Error('Ed25519 takes no digest')
    return verifyEd25519(key.octets, data, signature)
  }
  if (key.kind === 'other' || !digestName)
    throw new Error(`keys of kind ${asymmetricKeyType} are not used by this page`)
  const digest = digestOf(digestName, data)
  if (key.kind === 'ec') return verifyEcdsa(key.curve, key.point, digest, signature)
  return verifyRsa(key, digestName.toLowerCase(), digest, signature)
}

/** The verifier shares files with the signer; a page has no keys to sign with. @throws Error always */
export function sign(): never {
  throw new Error('this page only verifies')
}
