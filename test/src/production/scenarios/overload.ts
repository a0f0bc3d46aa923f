import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { grantMandate, readConfig, scopes, wire } from '@socle/gateway'
import { buyerSiret } from '../../support/award.ts'
import { anAwardOf } from '../load/documents.ts'
import { createSender, type Sender } from '../load/sender.ts'
import type { Rig } from '../rig/rig.ts'
import type { Scenario } from '../rig/scenario.ts'

const smallOnes = 200
/** Between two of them while they are alone: they all come within some seconds. */
const everyMs = 25
/** Between two of them beside the flood, on a quick machine and on a slow one. */
const floodPerSmall = 8
/** Connections of the large one, each of which asks again at once when it is sent home. */
const greedy = 40

interface Account {
  readonly id: string
  readonly token: string
}

/** One account that sends much more than its share, at both gateways, beside two hundred that send one document each. */
export const crowdedOut: Scenario = {
  fault: 'F25',
  what: `one account floods two gateways beside ${smallOnes} that send one document each`,
  options: { gateways: 2, env: { HUB_RATE: '15', HUB_RATE_BURST: '15' } },
  async act(rig) {
    const accounts = await manyAccounts(rig)
    const alone = await oneEach(rig, accounts, 0, async (i) => await sleep(i * everyMs))
    const flood = startFlood(rig)
    const beside = await oneEach(rig, accounts, smallOnes, async (i) => await flood.reached((i + 1) * floodPerSmall))
    const { asked, sentHome } = await flood.stop()
    const ratio = asked / smallOnes
    if (beside.sentHome > 0) throw new Error(`${beside.sentHome} of the small ones were sent home`)
    if (ratio < 5 || sentHome < asked / 2) throw new Error(`no flood: ${asked} requests, ${sentHome} sent home`)
    const slower = (beside.median / alone.median).toFixed(1)
    return {
      loads: [],
      seen: `${ratio.toFixed(0)} requests of the large one to each small one, ${sentHome} of ${asked} sent home with 429, none of the small; their median ${slower} times as long`,
    }
  },
  felt: ({ unclear }) => (unclear['429 RATE_LIMITED'] ?? 0) > smallOnes,
}

/** Tokens as the hub gives them; the secrets are of no use here. */
async function manyAccounts({ env, directory }: Rig): Promise<readonly Account[]> {
  const operator = await wire(readConfig({ ...env, HUB_DATA: join(directory, 'operator'), HUB_LOG_LEVEL: 'silent' }))
  const notBefore = operator.clock()
  const notAfter = new Date(notBefore.getTime() + 3_600_000)
  const create = async (_: unknown, i: number): Promise<Account> => {
    const id = `petit-${i}`
    await operator.accounts.create({ id, name: id, scopes })
    await grantMandate(operator, { account: id, buyer: buyerSiret, notBefore, notAfter })
    const account = await operator.accounts.find(id)
    if (!account) throw new Error(`${id} is not there`)
    return { id, token: (await operator.tokens.issue(account.id, account.scopes)).token }
  }
  try {
    return await Promise.all(Array.from({ length: smallOnes }, create))
  } finally {
    await operator.close()
  }
}

/** Each sends a document at its moment. `sentHome`: attempts without a clear answer. */
async function oneEach(rig: Rig, accounts: readonly Account[], first: number, moment: (i: number) => Promise<void>) {
  const sender = createSender(rig.balancer.url, 'small', 100, rig.history)
  let sentHome = 0
  const took = await Promise.all(
    accounts.map(async ({ id: account, token }, i) => {
      await moment(i)
      const document = anAwardOf(first + i, `consultation-${i % 10}`)
      const deposit = { account, token, key: `small-${first + i}`, document }
      const from = performance.now()
      while ((await sender.attempt(deposit)).type === 'info') sentHome++
      return performance.now() - from
    }),
  )
  await sender.close()
  return { sentHome, median: took.toSorted((a, b) => a - b)[took.length / 2] ?? 0 }
}

interface Flood {
  /** Resolves when so many requests were made. */
  reached(asked: number): Promise<void>
  stop(): Promise<{ readonly asked: number; readonly sentHome: number }>
}

/** Goes on with the same document until it is taken, without a pause, on every connection. */
function startFlood(rig: Rig): Flood {
  const sender: Sender = createSender(rig.balancer.url, 'flood', greedy, rig.history)
  const { id: account, token } = rig.accounts.senders[0] ?? { id: '', token: '' }
  const over = new AbortController()
  let [number, asked, sentHome] = [10_000, 0, 0]
  const one = async (): Promise<void> => {
    while (!over.signal.aborted) {
      const document = anAwardOf(number, `consultation-${number % 10}`)
      const deposit = { account, token, key: `flood-${number++}`, document }
      for (asked++; (await sender.attempt(deposit)).type === 'info'; asked++) {
        sentHome++
        // Once nobody else is measured, it may have patience.
        if (over.signal.aborted) await sleep(200)
      }
    }
  }
  const all = Promise.all(Array.from({ length: greedy }, one))
  return {
    async reached(wanted) {
      for (;;) {
        if (asked >= wanted) return
        await sleep(5)
      }
    },
    async stop() {
      over.abort()
      await all
      await sender.close()
      return { asked, sentHome }
    },
  }
}
