import { decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose'
import type { Account } from '../directory/accounts.ts'
import { type AccountKey, keysOfAccount } from '../directory/account-keys.ts'
import type { Hub } from '../hub.ts'
import { pruneAssertions, useAssertion } from '../store/client-keys.ts'

export const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** How far ahead an assertion may end, and by how much clocks may differ. */
const longestSeconds = 300
const skewSeconds = 5

/** Used assertions are kept this much longer than they are good, for a replica whose clock is behind. */
const keepMs = 600_000

type Needs = Pick<Hub, 'store' | 'clock' | 'accounts' | 'config'>

/**
 * The account that signed the assertion (private_key_jwt: RFC 7523 section 3, OpenID Connect section 9), or undefined,
 * whatever is wrong with it: whoever tries is told nothing. An assertion is used up in the store before it counts, so
 * that no replica and no restart takes it twice; only one with a good signature is, or anybody could use up others'.
 */
export async function accountOfAssertion(
  hub: Needs,
  assertion: string,
  clientId: string | null,
): Promise<Account | undefined> {
  const claimed = readClaim(assertion)
  if (claimed === undefined || (clientId !== null && clientId !== claimed.account)) return undefined
  const keys = (await keysOfAccount(hub, claimed.account)).filter(
    ({ kid }) => claimed.kid === undefined || claimed.kid === kid,
  )
  for (const key of keys) {
    const verified = await verify(hub, assertion, { account: claimed.account, key })
    if (!verified) continue
    await pruneAssertions(hub.store.writer, new Date(hub.clock().getTime() - keepMs))
    const isFirst = await useAssertion(hub.store.writer, { account: claimed.account, ...verified })
    return isFirst ? await hub.accounts.find(claimed.account) : undefined
  }
  return undefined
}

/** Whose key to look for: nothing of it is believed yet. */
function readClaim(assertion: string): { readonly account: string; readonly kid: string | undefined } | undefined {
  try {
    const { kid } = decodeProtectedHeader(assertion)
    const { sub } = decodeJwt(assertion)
    return sub === undefined ? undefined : { account: sub, kid }
  } catch {
    return undefined
  }
}

interface Signer {
  readonly account: string
  readonly key: AccountKey
}

async function verify(
  { config, clock }: Needs,
  assertion: string,
  { account, key }: Signer,
): Promise<{ readonly jti: string; readonly expiresAt: Date } | undefined> {
  const now = clock()
  try {
    const { payload } = await jwtVerify(assertion, key.key, {
      algorithms: [...key.algorithms],
      issuer: account,
      subject: account,
      audience: [config.publicUrl, `${config.publicUrl}/oauth/token`],
      currentDate: now,
      clockTolerance: skewSeconds,
      requiredClaims: ['exp', 'jti'],
    })
    const { aud, exp = 0, jti } = payload
    // One for several servers could be used here by another of them.
    if (Array.isArray(aud) && aud.length !== 1) return undefined
    if (typeof jti !== 'string' || jti.length < 1 || jti.length > 128) return undefined
    if (exp > now.getTime() / 1_000 + longestSeconds + skewSeconds) return undefined
    return { jti, expiresAt: new Date(exp * 1_000) }
  } catch {
    return undefined
  }
}
