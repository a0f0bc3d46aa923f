import { grantMandate, readConfig, scopes, wire } from '@socle/gateway'
import { buyerSiret } from '../../support/award.ts'

/** Technical accounts of a run. They outlive every gateway: the ledger holds them, the shared keys sign their tokens. */
export interface Accounts {
  readonly senders: readonly { readonly id: string; readonly token: string }[]
  readonly subscriber: { readonly clientId: string; readonly clientSecret: string }
}

const senders = ['profil-a', 'profil-b', 'profil-c']
const dayMs = 24 * 3_600_000

/** Brings the schema up to date, makes keys and accounts, and closes everything again. */
export async function prepare(env: Readonly<Record<string, string>>): Promise<Accounts> {
  const hub = await wire(readConfig(env))
  try {
    const create = async (id: string): Promise<string> => {
      const secret = await hub.accounts.create({ id, name: id, scopes })
      const notBefore = hub.clock()
      const notAfter = new Date(notBefore.getTime() + dayMs)
      await grantMandate(hub, { account: id, buyer: buyerSiret, notBefore, notAfter })
      return secret
    }
    const made: { id: string; token: string }[] = []
    for (const id of senders) {
      await create(id)
      const account = await hub.accounts.find(id)
      if (!account) throw new Error(`the account ${id} is not there`)
      made.push({ id, token: (await hub.tokens.issue(account.id, account.scopes)).token })
    }
    return { senders: made, subscriber: { clientId: 'archive', clientSecret: await create('archive') } }
  } finally {
    await hub.close()
  }
}
