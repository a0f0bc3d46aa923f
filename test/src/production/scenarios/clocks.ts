import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { grantMandate, readConfig, scopes, wire } from '@socle/gateway'
import { freePorts } from '../../servers/ports.ts'
import { buyerSiret } from '../../support/award.ts'
import { anAwardOf } from '../load/documents.ts'
import { createSender } from '../load/sender.ts'
import { audited } from '../rig/command.ts'
import { type Gateway, startGateway } from '../rig/gateway.ts'
import type { Rig } from '../rig/rig.ts'
import { holderOf, type Scenario } from '../rig/scenario.ts'
import { leaseMs } from '../rig/settings.ts'

const shifts = { right: '', ahead: '+1h', behind: '-1h' } as const
type Name = keyof typeof shifts

const rounds = 8

/** A token lasts an hour by its maker's clock, and is over, or not, by its reader's; one from the future is taken. */
const expected = [
  'right→ahead 401 TOKEN_INVALID',
  'right→behind 200',
  'ahead→right 200',
  'ahead→behind 200',
  'behind→right 401 TOKEN_INVALID',
  'behind→ahead 401 TOKEN_INVALID',
].join(', ')

/**
 * Numbers and order are the store's, and so is the time of leases. What does hang on the clock of a replica is who may
 * speak (a token lasts an hour by each one's own clock) and when an entry says that it came: so a replica that is far from
 * the store's clock records nothing, and the same request is answered by another one.
 */
export const clocksWrong: Scenario = {
  fault: 'F14',
  what: 'a replica whose clock is an hour ahead and one an hour behind, beside one that is right',
  options: { gateways: 1, env: { HUB_TOKEN_LIFETIME: '3600' } },
  async act(rig) {
    const [right] = rig.gateways
    if (!right) throw new Error('no gateway')
    const [port = 0, other = 0] = await freePorts(2)
    const replicas = { right, ahead: shifted(rig, 'ahead', port), behind: shifted(rig, 'behind', other) }
    try {
      await Promise.all([replicas.ahead.ready(), replicas.behind.ready()])
      const tokens = await tokensOf(await anAccount(rig), replicas)
      const matrix = await accepted(replicas, tokens)
      await depositOnEach(rig, replicas, tokens)
      // Several times as long as a lease lasts, by a clock that says that it was over an hour ago.
      await sleep(3 * leaseMs)
      if ((await holderOf(rig, 'relay')) !== right) throw new Error('a wrong clock took the lease')
      await rig.caughtUp()
      const log = await audited(rig, '--stamp')
      if (matrix !== expected || log !== 'proved') throw new Error(`tokens ${matrix}; log ${log}`)
      return { loads: [], seen: `tokens ${matrix}; leases stayed; wrong clocks record nothing` }
    } finally {
      await Promise.all([replicas.ahead.stop(), replicas.behind.stop()])
    }
  },
}

type Replicas = Readonly<Record<Name, Gateway>>
type Tokens = Readonly<Record<Name, string>>

function shifted({ directory, env }: Rig, name: Name, port: number): Gateway {
  // The wall clock alone: nobody can set the other one.
  const fake = { LD_PRELOAD: libfaketime(), FAKETIME: shifts[name], DONT_FAKE_MONOTONIC: '1', FAKETIME_DONT_RESET: '1' }
  return startGateway({ name, port, directory, env: { ...env, ...fake } })
}

/** @throws when it is not installed */
function libfaketime(): string {
  const places = readdirSync('/usr/lib').map((name) => join('/usr/lib', name, 'faketime/libfaketimeMT.so.1'))
  const found = [...places, '/usr/lib/faketime/libfaketimeMT.so.1'].find((file) => existsSync(file))
  if (found === undefined) throw new Error('libfaketime is not installed: the Debian package is faketime')
  return found
}

const account = 'profil-horloge'

/** A mandate of a moment ago is not one yet for a clock that is an hour behind: this one is of yesterday. */
async function anAccount({ env, directory }: Rig): Promise<string> {
  const operator = await wire(readConfig({ ...env, HUB_DATA: join(directory, 'operator'), HUB_LOG_LEVEL: 'silent' }))
  const secret = await operator.accounts.create({ id: account, name: account, scopes })
  const notBefore = new Date(Date.now() - 24 * 3_600_000)
  const notAfter = new Date(Date.now() + 24 * 3_600_000)
  await grantMandate(operator, { account, buyer: buyerSiret, notBefore, notAfter })
  await operator.close()
  return secret
}

async function tokensOf(secret: string, { right, ahead, behind }: Replicas): Promise<Tokens> {
  const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: account, client_secret: secret })
  const ask = async ({ port }: Gateway): Promise<string> => {
    const answer = await fetch(`http://127.0.0.1:${port}/oauth/token`, { method: 'POST', body })
    return ((await answer.json()) as { readonly access_token: string }).access_token
  }
  return { right: await ask(right), ahead: await ask(ahead), behind: await ask(behind) }
}

/** Whose token is taken by whom: `ahead→right 200`. */
async function accepted(replicas: Replicas, tokens: Tokens): Promise<string> {
  const found: string[] = []
  for (const [maker, token] of Object.entries(tokens))
    for (const [name, { port }] of Object.entries(replicas)) {
      const headers = { authorization: `Bearer ${token}` }
      const answer = await fetch(`http://127.0.0.1:${port}/v1/feed?limit=1`, { headers })
      const code = answer.status === 200 ? '' : ((await answer.json()) as { readonly code: string }).code
      if (maker !== name || answer.status !== 200) found.push(`${maker}→${name} ${answer.status} ${code}`.trim())
    }
  return found.join(', ')
}

/** One after the other, so that each number tells whose turn it was. Who is wrong says so, and the right one records. */
async function depositOnEach(rig: Rig, replicas: Replicas, tokens: Tokens): Promise<void> {
  const names = ['right', 'ahead', 'behind'] as const
  const senders = names.map((name) => createSender(`http://127.0.0.1:${replicas[name].port}`, name, 2, rig.history))
  for (let number = 0; number < rounds * names.length; number++) {
    const [name, sender] = [names[number % 3] ?? 'right', senders[number % 3]]
    const document = anAwardOf(number, 'consultation-0')
    const deposit = { account, token: tokens[name], key: `clock-${number}`, document }
    const first = await sender?.attempt(deposit)
    if (name === 'right' ? first?.type !== 'ok' : first?.status !== 503 || first.reason !== 'CLOCK_ASTRAY')
      throw new Error(`${name} answers ${JSON.stringify(first)}`)
    if (name === 'right') continue
    const again = await senders[0]?.settle({ ...deposit, token: tokens.right }, Date.now() + 5_000)
    if (again?.type !== 'ok') throw new Error(`the right one does not record what ${name} refused`)
  }
  await Promise.all(senders.map(async (sender) => await sender.close()))
}
