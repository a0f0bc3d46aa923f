import { grantMandate, readConfig, scopes, wire } from '@socle/gateway'
import { buyerSiret } from '../../support/award.ts'

/** Technical accounts of a run. They outlive every gateway: the ledger holds them, the shared keys sign their tokens. */
export interface Accounts {
  readonly senders: readonly { readonly id: string; readonly token: string }[]
  /** Receives everything that its buyer may see, and reports outcomes. */
  readonly archive: Recipient
  /** Nobody mandates it: what is confidential is not for it. */
  readonly stranger: Recipient
}

/** As a client of the API, and with a token. */
export interface Recipient {
  readonly id: string
  readonly secret: string
  readonly token: string
}

const senders = ['profil-a', 'profil-b', 'profil-c']
const dayMs = 24 * 3_600_000

/** Brings the schema up to date, makes keys and accounts, and closes everything again. */
export async function prepare(env: Readonly<Record<string, string>>): Promise<Accounts> {
  const hub = await wire(readConfig(env))
  try {
    const create = async (id: string): Promise<Recipient> => {
      const secret = await hub.accounts.create({ id, name: id, scopes })
      const account = await hub.accounts.find(id)
      if (!account) throw new Error(`the account ${id} is not there`)
      return { id, secret, token: (await hub.tokens.issue(account.id, account.scopes)).token }
    }
    const createMandated = async (id: string): Promise<Recipient> => {
      const made = await create(id)
      const notBefore = hub.clock()
      const notAfter = new Date(notBefore.getTime() + dayMs)
      await grantMandate(hub, { account: id, buyer: buyerSiret, notBefore, notAfter })
      return made
    }
    const made: Recipient[] = []
    for (const id of senders) made.push(await createMandated(id))
    return { senders: made, archive: await createMandated('archive'), stranger: await create('stranger') }
  } finally {
    await hub.close()
  }
}
