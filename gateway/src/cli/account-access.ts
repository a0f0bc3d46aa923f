import { readFile, stat } from 'node:fs/promises'
import type { Command } from 'commander'
import { disableAccount, enableAccount, requireCertificate, rotateSecret } from '../directory/account-changes.ts'
import { keysOfAccount, registerKey, removeKey } from '../directory/account-keys.ts'
import { Unusable } from './exit.ts'
import { withHub } from './operator-hub.ts'

interface KeyOptions {
  readonly jwk?: string
  readonly remove?: string
}

/** Far more than a public JWK takes. */
const largestJwkBytes = 16_384

/** How an account proves who it is, and whether it may. A running hub knows within a second. */
export function accessCommands(account: Command): void {
  account
    .command('disable')
    .argument('<id>')
    .description('stop an account: no token is given, those already out are refused')
    .action(async (id: string) => await withHub(async (hub) => await disableAccount(hub, id)))
  account
    .command('enable')
    .argument('<id>')
    .description('let a disabled account in again')
    .action(async (id: string) => await withHub(async (hub) => await enableAccount(hub, id)))
  account
    .command('rotate-secret')
    .argument('<id>')
    .description('give an account a new secret; prints it as JSON, once; the old one is void')
    .action(async (id: string) => {
      await withHub(async (hub) => {
        const secret = await rotateSecret(hub, id)
        process.stdout.write(`${JSON.stringify({ client_id: id, client_secret: secret })}\n`)
      })
    })
  account
    .command('certificate')
    .argument('<id>')
    .argument('<wish>', 'required or optional')
    .description('whether an account may speak only with a token bound to its client certificate (RFC 8705)')
    .action(async (id: string, wish: string) => {
      if (wish !== 'required' && wish !== 'optional') throw new Unusable(`${wish}: required, optional`)
      await withHub(async (hub) => await requireCertificate(hub, id, wish === 'required'))
    })
  account
    .command('key')
    .argument('<id>')
    .option('--jwk <file>', 'register the public key of this file (JWK)')
    .option('--remove <kid>', 'remove a key')
    .description('public keys with which an account signs who it is (private_key_jwt); prints them as JSON lines')
    .action(changeKeys)
}

async function changeKeys(id: string, { jwk, remove }: KeyOptions): Promise<void> {
  const text = jwk === undefined ? undefined : await readSmall(jwk)
  await withHub(async (hub) => {
    if (text !== undefined) await registerKey(hub, id, text)
    if (remove !== undefined) await removeKey(hub, id, remove)
    for (const { kid, algorithms } of await keysOfAccount(hub, id))
      process.stdout.write(`${JSON.stringify({ client_id: id, kid, algorithms })}\n`)
  })
}

async function readSmall(file: string): Promise<string> {
  try {
    const { size } = await stat(file)
    if (size > largestJwkBytes) throw new Unusable(`${file}: ${size} > ${largestJwkBytes} bytes`)
    return await readFile(file, 'utf8')
  } catch (error) {
    if (error instanceof Unusable) throw error
    throw new Unusable(`${file}: ${error instanceof Error ? error.message : String(error)}`)
  }
}
