import { createHash, createPublicKey, type KeyObject } from 'node:crypto'
import { HubError } from '../errors.ts'
import type { Hub } from '../hub.ts'
import { parseAccountId } from '../ids.ts'
import { addClientKey, type ClientKey, readClientKeys, removeClientKey } from '../store/client-keys.ts'

/** Keys an account may have at a time: the old and the new one, with room for a platform's several machines. */
const maxKeys = 10

const smallestRsaBits = 2_048

/** JOSE names of what a key of each sort may sign with. */
export type KeyAlgorithm = 'ES256' | 'EdDSA' | 'Ed25519' | 'RS256' | 'PS256'

export interface AccountKey {
  readonly kid: string
  readonly key: KeyObject
  readonly algorithms: readonly KeyAlgorithm[]
}

type Needs = Pick<Hub, 'store' | 'clock' | 'accounts'>

/** Public keys with which an account may sign who it is; none when it is unknown. */
export async function keysOfAccount({ store }: Pick<Hub, 'store'>, account: string): Promise<readonly AccountKey[]> {
  return (await readClientKeys(store.reader, account)).map(({ kid, jwk }) => ({ kid, ...readKey(jwk) }))
}

/**
 * Registers a public key beside those the account has: old and new overlap until the old one is removed.
 * @param text JSON of a public JWK
 * @returns its kid: the JWK's own, or its thumbprint (RFC 7638)
 * @throws HubError ACCOUNT_NOT_FOUND, CLIENT_KEY_INVALID
 */
export async function registerKey(hub: Needs, account: string, text: string): Promise<string> {
  const id = parseAccountId(account)
  if (!(await hub.accounts.find(id))) throw new HubError('ACCOUNT_NOT_FOUND', { value: id })
  const { kid, key } = readJwk(text)
  const known = await readClientKeys(hub.store.reader, id)
  if (known.length >= maxKeys && !known.some((one) => one.kid === kid)) throw invalid(`${maxKeys} max`)
  const jwk = key.export({ format: 'jwk' }) as ClientKey['jwk']
  const isIn = await addClientKey(hub.store.writer, id, { kid, jwk, createdAt: hub.clock().toISOString() })
  if (!isIn) throw invalid(`kid ${kid}`)
  return kid
}

/** What was signed with it is refused from now on. @throws HubError CLIENT_KEY_NOT_FOUND */
export async function removeKey(hub: Needs, account: string, kid: string): Promise<void> {
  const wasThere = await removeClientKey(hub.store.writer, parseAccountId(account), kid)
  if (!wasThere) throw new HubError('CLIENT_KEY_NOT_FOUND', { value: kid })
}

function readJwk(text: string): { readonly kid: string; readonly key: KeyObject } {
  const jwk = objectIn(text)
  // A private key that reaches the hub is no longer its owner's alone.
  if ('d' in jwk || 'k' in jwk) throw invalid('clé privée / private key')
  const { key } = readKey(jwk)
  const { kid = thumbprintOf(key) } = jwk
  if (typeof kid !== 'string' || !/^[\x21-\x7e]{1,128}$/.test(kid)) throw invalid('kid: 1-128')
  return { kid, key }
}

function objectIn(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  } catch (error) {
    throw invalid('JSON', error)
  }
  throw invalid('JSON')
}

function readKey(jwk: Readonly<Record<string, unknown>>): Omit<AccountKey, 'kid'> {
  let key: KeyObject
  try {
    key = createPublicKey({ key: jwk, format: 'jwk' })
  } catch (error) {
    throw invalid('JWK', error)
  }
  return { key, algorithms: algorithmsOf(key) }
}

function algorithmsOf({ asymmetricKeyType: type, asymmetricKeyDetails: details }: KeyObject): readonly KeyAlgorithm[] {
  if (type === 'ed25519') return ['EdDSA', 'Ed25519']
  if (type === 'ec' && details?.namedCurve === 'prime256v1') return ['ES256']
  if (type === 'rsa' && (details?.modulusLength ?? 0) >= smallestRsaBits) return ['RS256', 'PS256']
  throw invalid(`${type ?? ''} ${details?.namedCurve ?? details?.modulusLength ?? ''}`.trim())
}

/** RFC 7638: the required members, in the order of their names. */
function thumbprintOf(key: KeyObject): string {
  const { crv, e, kty, n, x, y } = key.export({ format: 'jwk' })
  return createHash('sha256').update(JSON.stringify({ crv, e, kty, n, x, y })).digest('base64url')
}

function invalid(value: string, cause?: unknown): HubError {
  return new HubError('CLIENT_KEY_INVALID', { value }, cause)
}
