import { judgeSiret } from '@socle/mappings'
import type { Command } from 'commander'
import { grantMandate, revokeMandate } from '../directory/mandate.ts'
import { isScope, type Scope, scopes } from '../directory/scopes.ts'
import { accessCommands } from './account-access.ts'
import { Unusable } from './exit.ts'
import { withHub } from './operator-hub.ts'

const yearMs = 365 * 24 * 3_600_000

interface AccountOptions {
  readonly buyer: readonly string[]
  readonly scope: readonly string[]
  readonly name?: string
  readonly until?: string
}

/** Operators' commands. They work beside a running hub: the ledger's lock lets several processes write. */
export function accountCommands(program: Command): void {
  const account = program
    .command('account')
    .description('technical accounts and mandates, on the data directory of HUB_DATA')
  account
    .command('add')
    .argument('<id>', 'short name: lower case, digits, hyphens')
    .option('--name <text>', 'who it is')
    .option('--buyer <siret...>', 'buyers that mandate it, from now on', [])
    .option('--scope <scope...>', `rights (default: all): ${scopes.join(', ')}`, [])
    .option('--until <date>', 'end of the mandates (default: in one year)')
    .description('create an account; prints its id and secret as JSON, once')
    .action(async (id: string, options: AccountOptions) => {
      await withHub(async (hub) => {
        // Everything is checked first, and the secret shown before anything else can fail: it is shown only once.
        const running = period(hub.clock(), options.until)
        const buyers = siretsOf(options.buyer)
        const secret = await hub.accounts.create({ id, name: options.name ?? id, scopes: scopesOf(options.scope) })
        process.stdout.write(`${JSON.stringify({ client_id: id, client_secret: secret })}\n`)
        for (const buyer of buyers) await grantMandate(hub, { account: id, buyer, ...running })
      })
    })
  account
    .command('mandate')
    .argument('<id>')
    .argument('<siret...>')
    .option('--until <date>', 'end of the mandate (default: in one year)')
    .description('record that buyers mandate an account, from now on')
    .action(async (id: string, buyers: readonly string[], options: { readonly until?: string }) => {
      await withHub(async (hub) => {
        const running = period(hub.clock(), options.until)
        for (const buyer of siretsOf(buyers)) await grantMandate(hub, { account: id, buyer, ...running })
      })
    })
  account
    .command('revoke-mandate')
    .argument('<id>')
    .argument('<siret...>')
    .description('record that buyers take their mandates back, from now on')
    .action(async (id: string, buyers: readonly string[]) => {
      await withHub(async (hub) => {
        for (const buyer of siretsOf(buyers)) await revokeMandate(hub, { account: id, buyer })
      })
    })
  accessCommands(account)
}

function scopesOf(words: readonly string[]): readonly Scope[] {
  const unknown = words.find((word) => !isScope(word))
  if (unknown !== undefined) throw new Unusable(`${unknown} is not a scope; there are ${scopes.join(', ')}`)
  return words.length === 0 ? scopes : words.filter(isScope)
}

/** All of them or none: half a list of mandates is worse than an error. */
function siretsOf(words: readonly string[]): readonly string[] {
  const wrong = words.filter((word) => judgeSiret(word) !== 'valid')
  if (wrong.length > 0) throw new Unusable(`SIRET invalide / invalid SIRET: ${wrong.join(', ')}`)
  return words
}

function period(now: Date, until: string | undefined): { readonly notBefore: Date; readonly notAfter: Date } {
  const notAfter = until === undefined ? new Date(now.getTime() + yearMs) : new Date(until)
  if (!(notAfter > now)) throw new Unusable(`--until ${until ?? ''} is not a date in the future`)
  return { notBefore: now, notAfter }
}
