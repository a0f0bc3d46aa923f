import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePorts } from '../../servers/ports.ts'
import { createRandom, type Random } from '../../support/random.ts'
import type { Judgement } from '../check/judge.ts'
import { type History, openHistory } from '../load/history.ts'
import { sendFirst } from '../load/first-documents.ts'
import { type Load, type LoadPlan, startLoad } from '../load/load.ts'
import { type Balancer, startBalancer } from './balancer.ts'
import type { Child } from './child.ts'
import { appliedCounts, check, collect } from './collect.ts'
import { readFeed } from './feeds.ts'
import { type Gateway, startGateway } from './gateway.ts'
import { type Accounts, prepare } from './prepare.ts'
import type { Servers } from './servers.ts'
import { createOwnedDatabase, roles } from './roles.ts'
import { settingsOf } from './settings.ts'
import { channelsOf, feedsOf, startSubscriber } from './subscribers.ts'
import { renewTopics, topicOf } from './topics.ts'

export interface RigOptions {
  /** Of the run, in tables and file names. */
  readonly name: string
  readonly seed: number
  /** Replicas; 3 unless told. */
  readonly gateways?: number
  /** Over the settings of every replica. */
  readonly env?: Readonly<Record<string, string>>
}

/** Servers, replicas, balancer and a subscriber, in a place of their own. */
export interface Rig extends AsyncDisposable {
  readonly directory: string
  readonly database: string
  /** Settings of every replica but its port and data directory. */
  readonly env: Readonly<Record<string, string>>
  readonly servers: Servers
  readonly gateways: readonly Gateway[]
  readonly balancer: Balancer
  readonly accounts: Accounts
  readonly random: Random
  readonly history: History
  readonly load: (plan?: Partial<LoadPlan>) => Load
  /** Resolves when relay and subscribers have everything, or after a minute. */
  caughtUp(): Promise<void>
  /** Ends the load, lets relay and webhooks catch up, stops everybody in order, collects and has it judged. */
  finish(...loads: readonly Load[]): Promise<Judgement>
}

/** The longest that relay and webhooks may need after the load; what is not there then is a fault. */
const caughtUpMs = 60_000

export async function startRig(servers: Servers, options: RigOptions): Promise<Rig> {
  const directory = mkdtempSync(join(tmpdir(), `socle-${options.name}-`))
  const random = createRandom(options.seed)
  await servers.calm()
  const [database] = await Promise.all([
    createOwnedDatabase(servers.postgres),
    servers.kafka && renewTopics(servers.kafka.brokers),
  ])
  const [front = 0, ...ports] = await freePorts(1 + (options.gateways ?? 3))
  const env = { ...settingsOf(servers, { database, directory, front }), ...options.env }
  // The owner of the schema comes once, before the replicas.
  const accounts = await prepare({
    ...env,
    HUB_STORE_URL: servers.postgres.url(database, roles.hub),
    HUB_STORE_MIGRATION_URL: servers.postgres.url(database, roles.owner),
    HUB_DATA: directory,
    HUB_LOG_LEVEL: 'silent',
  })
  const gateways = ports.map((port, at) => startGateway({ name: `gateway-${at + 1}`, port, directory, env }))
  const balancer = await startBalancer(front, ports)
  await Promise.all(gateways.map(async (gateway) => await gateway.ready()))
  const subscriber = startSubscriber(servers, { directory, hub: balancer.url, accounts })
  await subscriber.said()
  const history = openHistory(join(directory, 'history.jsonl'))
  const everybody = { url: balancer.url, accounts: accounts.senders, reporter: accounts.archive, history }
  await sendFirst(everybody)
  const parts = { directory, database, env, servers, gateways, balancer, accounts, random, history }
  return {
    ...parts,
    load: (plan = {}) =>
      startLoad({
        ...everybody,
        random,
        outcomes: 0.1,
        senders: 6,
        most: 1_500,
        consultations: 10,
        pauseMs: [20, 120],
        ...plan,
      }),
    caughtUp: async () => await caughtUp(parts),
    finish: async (...loads) => await finish({ ...parts, subscriber }, options, loads),
    async [Symbol.asyncDispose]() {
      await Promise.all([...gateways, subscriber].map(async (child) => await child.kill()))
      await balancer[Symbol.asyncDispose]()
    },
  }
}

type Parts = Omit<Rig, 'load' | 'caughtUp' | 'finish' | typeof Symbol.asyncDispose> & { readonly subscriber: Child }

async function finish(parts: Parts, { name, seed }: RigOptions, loads: readonly Load[]): Promise<Judgement> {
  const { directory, servers, gateways, subscriber, balancer, accounts } = parts
  await Promise.all(loads.map(async (load) => await load.stop()))
  await caughtUp(parts)
  const feeds = feedsOf(accounts)
  await Promise.all(feeds.map(async (feed) => await readFeed(balancer.url, feed, directory)))
  await Promise.all(gateways.filter(({ running }) => running).map(async (gateway) => await gateway.stop()))
  await subscriber.stop()
  const subscribers = [...channelsOf(servers), ...feeds].map(({ name, types, mandated, ordered }) => ({
    name,
    types,
    mandated,
    ordered,
  }))
  await collect(servers, parts, { name, seed, topics: servers.kafka ? topicOf : {}, subscribers })
  const judgement = await check(directory)
  if (judgement.holds && process.env['KEEP_RUNS'] === undefined) rmSync(directory, { recursive: true, force: true })
  return judgement
}

/** Until every channel has everything that concerns it, and the relay has passed the last of it. */
async function caughtUp({ directory, database, servers }: Omit<Parts, 'subscriber'>): Promise<void> {
  const end = Date.now() + caughtUpMs
  while (Date.now() < end) {
    const rows = await servers.postgres.query(
      `select kind as type, count(*) as number, max(idx) as last from documents group by kind
       union all select 'outcome', count(*), coalesce(max(idx), -1) from outcomes
       union all select 'relay', 0, position from cursors where name = 'relay'`,
      database,
    )
    const numberOf = new Map(rows.map(({ type, number }) => [String(type), Number(number)]))
    const applied = appliedCounts(directory)
    const all = channelsOf(servers).every(({ name, types }) => {
      const wanted = types.reduce((sum, type) => sum + (numberOf.get(type) ?? 0), 0)
      return (applied[name] ?? 0) >= wanted
    })
    const relayed = Number(rows.find(({ type }) => type === 'relay')?.['last'] ?? 0)
    if (all && rows.every(({ type, last }) => type === 'relay' || Number(last) < relayed)) return
    await sleep(100)
  }
}
