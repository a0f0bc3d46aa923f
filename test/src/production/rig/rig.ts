import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePorts } from '../../servers/ports.ts'
import { createRandom, type Random } from '../../support/random.ts'
import type { Judgement } from '../check/judge.ts'
import { type History, openHistory } from '../load/history.ts'
import { type Load, type LoadPlan, startLoad } from '../load/load.ts'
import { type Balancer, startBalancer } from './balancer.ts'
import { type Child, startChild } from './child.ts'
import { appliedCounts, check, collect } from './collect.ts'
import { type Gateway, startGateway } from './gateway.ts'
import { type Accounts, prepare } from './prepare.ts'
import type { Servers } from './servers.ts'
import { settingsOf } from './settings.ts'
import { channels, type SubscriberPlan } from './subscriber-plan.ts'
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

const kinds = ['award', 'notice'] as const

/** The longest that relay and webhooks may need after the load; what is not there then is a fault. */
const caughtUpMs = 60_000

export async function startRig(servers: Servers, options: RigOptions): Promise<Rig> {
  const directory = mkdtempSync(join(tmpdir(), `socle-${options.name}-`))
  const random = createRandom(options.seed)
  await servers.calm()
  const [url] = await Promise.all([
    servers.postgres.createDatabase(),
    servers.kafka && renewTopics(servers.kafka.brokers),
  ])
  const database = new URL(url).pathname.slice(1)
  const [front = 0, ...ports] = await freePorts(1 + (options.gateways ?? 3))
  const env = { ...settingsOf(servers, { database, directory, front }), ...options.env }
  // The owner of the schema comes once, before the replicas.
  const accounts = await prepare({
    ...env,
    HUB_STORE_URL: url,
    HUB_STORE_MIGRATION_URL: url,
    HUB_DATA: directory,
    HUB_LOG_LEVEL: 'silent',
  })
  const gateways = ports.map((port, at) => startGateway({ name: `gateway-${at + 1}`, port, directory, env }))
  const balancer = await startBalancer(front, ports)
  await Promise.all(gateways.map(async (gateway) => await gateway.ready()))
  const subscriber = startSubscriber(servers, { directory, hub: balancer.url, accounts })
  await subscriber.said()
  const history = openHistory(join(directory, 'history.jsonl'))
  const parts = { directory, database, env, servers, gateways, balancer, accounts, random, history }
  return {
    ...parts,
    load: (plan = {}) =>
      startLoad({
        url: balancer.url,
        accounts: accounts.senders,
        history,
        random,
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
  const { directory, servers, gateways, subscriber } = parts
  await Promise.all(loads.map(async (load) => await load.stop()))
  await caughtUp(parts)
  await Promise.all(gateways.filter(({ running }) => running).map(async (gateway) => await gateway.stop()))
  await subscriber.stop()
  const subscribers = channels
    .filter((channel) => channel !== 'kafka' || servers.kafka)
    .map((channel) => ({ name: channel, types: kinds, ordered: orderOf(channel) }))
  await collect(servers, parts, { name, seed, topics: servers.kafka ? topicOf : {}, subscribers })
  const judgement = await check(directory)
  if (judgement.holds && process.env['KEEP_RUNS'] === undefined) rmSync(directory, { recursive: true, force: true })
  return judgement
}

function orderOf(channel: (typeof channels)[number]): 'consultation' | 'consultation and type' {
  return channel === 'webhook' ? 'consultation' : 'consultation and type'
}

/** Until every channel has every document, and the relay has passed the last one. */
async function caughtUp({ directory, database, servers }: Omit<Parts, 'subscriber'>): Promise<void> {
  const end = Date.now() + caughtUpMs
  const wanted = servers.kafka ? channels : channels.filter((channel) => channel !== 'kafka')
  while (Date.now() < end) {
    const [row] = await servers.postgres.query(
      `select (select count(*) from documents) as documents, (select max(idx) from documents) as last,
       (select position from cursors where name = 'relay') as relayed`,
      database,
    )
    const counts = appliedCounts(directory)
    const all = wanted.every((channel) => (counts[channel] ?? 0) >= Number(row?.['documents']))
    if (all && Number(row?.['relayed']) > Number(row?.['last'])) return
    await sleep(100)
  }
}

interface SubscriberPlace {
  readonly directory: string
  readonly hub: string
  readonly accounts: Accounts
}

function startSubscriber({ kafka }: Servers, { directory, hub, accounts }: SubscriberPlace): Child {
  const [own, applied] = [join(directory, 'subscriber'), join(directory, 'applied')]
  for (const folder of [own, applied]) mkdirSync(folder)
  const topics = kinds.flatMap((kind) => topicOf[kind] ?? [])
  const brokers = kafka?.brokers ?? []
  const plan: SubscriberPlan = { hub, ...accounts.subscriber, brokers, topics, kinds, directory: own, applied }
  const module = 'production/rig/subscriber-process'
  return startChild({ module, parameters: [JSON.stringify(plan)], env: {}, log: join(directory, 'subscriber.log') })
}
