import { grantMandate, scopes, type WiredHub } from '@socle/gateway'
import { buyerSiret } from '../support/award.ts'

const yearMs = 365 * 24 * 3_600_000

/** The account that the load comes from, mandated by its buyer; gives a token of it. */
export async function openBenchAccount(hub: WiredHub): Promise<string> {
  const id = `bench-${process.pid}`
  const secret = await hub.accounts.create({ id, name: id, scopes })
  const notBefore = new Date()
  const notAfter = new Date(notBefore.getTime() + yearMs)
  await grantMandate(hub, { account: id, buyer: buyerSiret, notBefore, notAfter })
  const account = await hub.accounts.withSecret(id, secret)
  if (!account) throw new Error('the account just made is not there')
  return (await hub.tokens.issue(account.id, account.scopes)).token
}
