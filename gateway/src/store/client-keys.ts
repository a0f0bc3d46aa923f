import type { Reader, Writer } from './database.ts'

export interface ClientKey {
  readonly kid: string
  /** Public JWK. */
  readonly jwk: Readonly<Record<string, unknown>>
  readonly createdAt: string
}

export async function readClientKeys(reader: Reader, account: string): Promise<readonly ClientKey[]> {
  const rows = await reader
    .selectFrom('client_keys')
    .selectAll()
    .where('account', '=', account)
    .orderBy('created_at')
    .orderBy('kid')
    .execute()
  return rows.map((row) => ({
    kid: row.kid,
    jwk: JSON.parse(row.jwk) as ClientKey['jwk'],
    createdAt: row.created_at,
  }))
}

/** The same key again changes nothing; another one under a kid in use is not put in. @returns false then */
export async function addClientKey(writer: Writer, account: string, key: ClientKey): Promise<boolean> {
  const row = { account, kid: key.kid, jwk: JSON.stringify(key.jwk), created_at: key.createdAt }
  await writer
    .insertInto('client_keys')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const kept = await writer
    .selectFrom('client_keys')
    .select('jwk')
    .where('account', '=', account)
    .where('kid', '=', key.kid)
    .executeTakeFirst()
  return kept?.jwk === row.jwk
}

/** @returns false when there was none */
export async function removeClientKey(writer: Writer, account: string, kid: string): Promise<boolean> {
  const { numDeletedRows } = await writer
    .deleteFrom('client_keys')
    .where('account', '=', account)
    .where('kid', '=', kid)
    .executeTakeFirst()
  return numDeletedRows > 0n
}

/**
 * Uses an assertion up, durably, for every replica: of two that come at once, one is first.
 * @returns false when it was used before
 */
export async function useAssertion(
  writer: Writer,
  assertion: { readonly account: string; readonly jti: string; readonly expiresAt: Date },
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await writer
    .insertInto('client_assertions')
    .values({ account: assertion.account, jti: assertion.jti, expires_at: assertion.expiresAt.toISOString() })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return (numInsertedOrUpdatedRows ?? 0n) > 0n
}

/** Forgets assertions that ended before an instant: they are refused for their age by then. */
export async function pruneAssertions(writer: Writer, before: Date): Promise<void> {
  await writer.deleteFrom('client_assertions').where('expires_at', '<', before.toISOString()).execute()
}
