import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  type Bus,
  createMemoryBus,
  grantMandate,
  type Keys,
  openSqliteStore,
  readConfig,
  scopes,
  serve,
  type Store,
  wire,
} from '@socle/gateway'
import { forgetting } from '../bench/null-store.ts'
import { buyerSiret } from '../support/award.ts'
import { accounts, type ChildPlan, type ChildReady } from './child-plan.ts'

/** A hub to kill. It obeys its plan, and ends with the process that started it. */
const plan = JSON.parse(process.argv[2] ?? '{}') as ChildPlan
const config = readConfig({ HUB_PORT: '0', HUB_DATA: plan.directory, HUB_LOG_LEVEL: 'silent', ...plan.settings })
let armed = plan.armed ?? false
let carried = 0

process.on('disconnect', () => process.exit(1))
process.on('message', (message) => {
  if (message === 'arm') {
    armed = true
    process.send?.('armed')
  }
  if (message === 'stop') void serving.stop().then(() => process.exit(0))
})

const hub = await wire(config, {
  bus: listenedBus(),
  ...(plan.killAt ? { killAt: plan.killAt } : {}),
  ...(plan.slowMs !== undefined || plan.forgets ? { store: openChangedStore } : {}),
  at(point) {
    // The relay also moves over entries that nobody listens to: its two points count once it has carried something.
    const idle = (point === 'published' || point === 'relay-moved') && carried === 0
    if (armed && point === plan.at && !idle) process.kill(process.pid, 'SIGKILL')
  },
})
const serving = await serve(hub)
process.send?.({ url: serving.url, tokens: await openAccounts() } satisfies ChildReady)

function listenedBus(): Bus {
  const bus = createMemoryBus()
  const { busFile } = plan
  if (busFile === undefined) return bus
  bus.subscribe(`tncp.${config.environment}.awards.v1`, async ({ attributes, data }) => {
    appendFileSync(
      busFile,
      `${JSON.stringify({ ...attributes, data: JSON.parse(Buffer.from(data).toString('utf8')) })}\n`,
    )
    if (armed) carried++
    await Promise.resolve()
  })
  return bus
}

async function openChangedStore(keys: Keys): Promise<Store> {
  const file = join(config.dataDirectory, 'ledger.sqlite')
  const { log, storage: storageKey } = keys
  const start = { file, origin: config.logOrigin, logKey: log.privateKey, storageKey, allowInMemory: true }
  const real = await openSqliteStore(start)
  if (plan.forgets) return forgetting(real, keys)
  return {
    ...real,
    async append(entries) {
      await sleep(plan.slowMs ?? 0)
      return await real.append(entries)
    },
  }
}

/** Made by the first process of a directory, found again by the others. */
async function openAccounts(): Promise<ChildReady['tokens']> {
  const tokens = { 'profil-a': '', 'profil-b': '' }
  for (const id of accounts) {
    if (!(await hub.store.reader.selectFrom('accounts').select('id').where('id', '=', id).executeTakeFirst())) {
      await hub.accounts.create({ id, name: id, scopes })
      const notBefore = new Date()
      const notAfter = new Date(notBefore.getTime() + 365 * 24 * 3_600_000)
      await grantMandate(hub, { account: id, buyer: buyerSiret, notBefore, notAfter })
    }
    const account = await hub.accounts.find(id)
    if (!account) throw new Error(`the account ${id} is not there`)
    tokens[id] = (await hub.tokens.issue(account.id, account.scopes)).token
  }
  return tokens
}
