import { randomBytes } from 'node:crypto'
import { HubError } from '../errors.ts'
import type { Hub } from '../hub.ts'
import { parseAccountId } from '../ids.ts'
import { hashSecret } from './accounts.ts'

type Needs = Pick<Hub, 'store'>

interface Change {
  readonly status?: 'active' | 'disabled'
  readonly certificate?: 'required' | ''
  readonly secret_hash?: string
}

/** Every replica knows within a second; tokens already out are refused then. @throws HubError ACCOUNT_NOT_FOUND */
export async function disableAccount(hub: Needs, account: string): Promise<void> {
  await change(hub, account, { status: 'disabled' })
}

/** @throws HubError ACCOUNT_NOT_FOUND */
export async function enableAccount(hub: Needs, account: string): Promise<void> {
  await change(hub, account, { status: 'active' })
}

/** Tokens that are not bound to a certificate are refused within a second. @throws HubError ACCOUNT_NOT_FOUND */
export async function requireCertificate(hub: Needs, account: string, isRequired: boolean): Promise<void> {
  await change(hub, account, { certificate: isRequired ? 'required' : '' })
}

/**
 * The old secret gives no token from now on; tokens it gave run to their end.
 * @returns the new secret, shown this once and stored hashed
 * @throws HubError ACCOUNT_NOT_FOUND
 */
export async function rotateSecret(hub: Needs, account: string): Promise<string> {
  const secret = randomBytes(32).toString('base64url')
  await change(hub, account, { secret_hash: hashSecret(secret) })
  return secret
}

async function change({ store }: Needs, account: string, values: Change): Promise<void> {
  const id = parseAccountId(account)
  const { numUpdatedRows } = await store.writer
    .updateTable('accounts')
    .set(values)
    .where('id', '=', id)
    .executeTakeFirst()
  if (numUpdatedRows === 0n) throw new HubError('ACCOUNT_NOT_FOUND', { value: id })
}
