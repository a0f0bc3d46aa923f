import { createHash, type KeyObject } from 'node:crypto'
import { type JWTPayload, jwtVerify, SignJWT } from 'jose'
import type { Environment } from '../config.ts'
import { isScope, type Scope } from '../directory/scopes.ts'
import { HubError } from '../errors.ts'
import { type AccountId, parseAccountId } from '../ids.ts'
import type { Clock } from '../ports.ts'

/** What a token says of its bearer. Whether the account still exists and is mandated is asked at each request. */
export interface Claims {
  readonly account: AccountId
  readonly scopes: readonly Scope[]
  readonly expiresAt: number
  /** Thumbprint (x5t#S256) of the certificate that whoever uses the token must present. */
  readonly certificate: string | undefined
}

export interface Tokens {
  /** @param certificate thumbprint to bind the token to (RFC 8705) */
  issue(
    account: AccountId,
    scopes: readonly Scope[],
    certificate?: string,
  ): Promise<{ readonly token: string; readonly expiresIn: number }>
  /** @throws HubError TOKEN_INVALID: bad signature, expired, or made for another environment */
  verify(token: string): Promise<Claims>
}

export interface TokenSettings {
  readonly environment: Environment
  readonly issuer: string
  readonly lifetimeSeconds: number
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
  /** Keys whose tokens are believed although they sign none: the next one, and the one before. */
  readonly others: readonly KeyObject[]
}

/** Verified tokens kept: a signature check costs more than the rest of the authentication. Expiry is checked each time. */
const remembered = 10_000

/** Access tokens: JWT (RFC 9068 type), Ed25519, with scopes, environment and technical account. */
export function createTokens(settings: TokenSettings, clock: Clock): Tokens {
  const verified = new Map<string, Claims>()
  const keyId = keyIdOf(settings.publicKey)
  const keys = new Map([settings.publicKey, ...settings.others].map((key) => [keyIdOf(key), key]))
  return {
    async issue(account, scopes, certificate) {
      const now = Math.floor(clock().getTime() / 1000)
      const bound = certificate === undefined ? {} : { cnf: { 'x5t#S256': certificate } }
      const token = await new SignJWT({ scope: scopes.join(' '), env: settings.environment, ...bound })
        .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid: keyId })
        .setIssuer(settings.issuer)
        .setAudience(settings.issuer)
        .setSubject(account)
        .setIssuedAt(now)
        .setExpirationTime(now + settings.lifetimeSeconds)
        .sign(settings.privateKey)
      return { token, expiresIn: settings.lifetimeSeconds }
    },
    async verify(token) {
      const known = verified.get(token)
      if (known && known.expiresAt > clock().getTime()) return known
      verified.delete(token)
      const claims = await readClaims(token, { settings, keys }, clock)
      if (verified.size >= remembered) verified.delete(verified.keys().next().value ?? '')
      verified.set(token, claims)
      return claims
    },
  }
}

/** Names a key in a token's header: replicas that start one after the other with a new key believe each other. */
function keyIdOf(publicKey: KeyObject): string {
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64url')
    .slice(0, 16)
}

interface KnownKeys {
  readonly settings: TokenSettings
  readonly keys: ReadonlyMap<string, KeyObject>
}

async function readClaims(token: string, { settings, keys }: KnownKeys, clock: Clock): Promise<Claims> {
  // Tokens of the version before name no key.
  const keyOf = ({ kid }: { readonly kid?: string }): KeyObject => {
    const key = kid === undefined ? settings.publicKey : keys.get(kid)
    if (key === undefined) throw new Error('token of an unknown key')
    return key
  }
  try {
    const { payload } = await jwtVerify(token, keyOf, {
      algorithms: ['EdDSA'],
      typ: 'at+jwt',
      issuer: settings.issuer,
      audience: settings.issuer,
      currentDate: clock(),
      requiredClaims: ['sub', 'exp', 'scope', 'env'],
    })
    if (payload['env'] !== settings.environment) throw new Error('token of another environment')
    const scopes = String(payload['scope']).split(' ').filter(isScope)
    const account = parseAccountId(payload.sub ?? '')
    return { account, scopes, expiresAt: (payload.exp ?? 0) * 1000, certificate: certificateIn(payload) }
  } catch (error) {
    throw new HubError('TOKEN_INVALID', {}, error)
  }
}

/** A binding that this version does not know must not become no binding. */
function certificateIn({ cnf }: JWTPayload): string | undefined {
  if (cnf === undefined) return undefined
  const thumbprint = typeof cnf === 'object' && cnf !== null && 'x5t#S256' in cnf ? cnf['x5t#S256'] : undefined
  if (typeof thumbprint !== 'string') throw new Error('token bound in an unknown way')
  return thumbprint
}
