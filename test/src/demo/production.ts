import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createEventConsumer, type HubEvent } from '@socle/connectors'
import { startBalancer } from '../production/rig/balancer.ts'
import { type KafkaCluster, startKafka } from '../servers/kafka.ts'
import { freePorts } from '../servers/ports.ts'
import { startPostgres } from '../servers/postgres.ts'
import { startRedis } from '../servers/redis.ts'
import { type Gateway, type HubProgram, operator, prepareGateway } from './hub-program.ts'
import type { Sent } from './keep.ts'
import { line, title } from './story.ts'

const subjects = ['notices', 'dume-requests', 'dume-responses', 'awards', 'outcomes']
const topics = subjects.map((subject) => `tncp.sandbox.${subject}.v1`)

/** The longest that a reader of Kafka is waited for. */
const patienceMs = 60_000

/**
 * The topology of production as processes of this machine: PostgreSQL, Redis, three Kafka brokers, two gateways behind a
 * balancer. What is killed is a gateway and a broker at once; the other gateway goes on meanwhile.
 */
export async function prepareProduction(work: string): Promise<HubProgram & AsyncDisposable> {
  const servers: AsyncDisposable[] = []
  const running = <T extends AsyncDisposable>(server: T): T => {
    servers.unshift(server)
    return server
  }
  title('PostgreSQL, Redis and three Kafka brokers start')
  const postgres = running(await startPostgres())
  const redis = running(await startRedis())
  const kafka = running(await startKafka({ nodes: 3, directory: join(work, 'kafka') }))
  const [front = 0, ...ports] = await freePorts(3)
  const balancer = running(await startBalancer(front, ports))
  await postgres.query('create role socle_hub login; create role socle_owner login')
  await postgres.query('create database socle owner socle_owner encoding utf8 template template0')
  const shared = {
    HUB_STORE_URL: postgres.url('socle', 'socle_hub'),
    HUB_KAFKA_BROKERS: kafka.brokers.join(','),
    HUB_REDIS_URL: redis.url,
    HUB_KEYS_DIR: join(work, 'keys'),
    HUB_PUBLIC_URL: balancer.url,
    HUB_LEASE_MS: '3000',
    HUB_TIMESTAMP_EVERY: '2',
  }
  mkdirSync(shared.HUB_KEYS_DIR, { mode: 0o700 })
  const tools = operator({ ...shared, HUB_DATA: join(work, 'operator') })
  prepare(tools, postgres.url('socle', 'socle_owner'), shared)
  const gateways = ports.map((port, i) =>
    prepareGateway({ ...shared, HUB_PORT: String(port), HUB_DATA: join(work, `gateway-${i + 1}`) }),
  )
  return {
    url: balancer.url,
    description: 'two gateways behind a balancer, PostgreSQL, three Kafka brokers, Redis',
    victim: 'a gateway and a broker',
    ...tools,
    ...together(gateways, kafka),
    more: async (sent) => await readTopics(kafka, join(work, 'reader'), sent),
    async [Symbol.asyncDispose]() {
      for (const gateway of gateways) await gateway.stop()
      for (const server of servers) await server[Symbol.asyncDispose]()
    },
  }
}

/** What an operator does once: the schema by its owner, the topics. */
function prepare(tools: Pick<HubProgram, 'run'>, owner: string, settings: Readonly<Record<string, string>>): void {
  const migrated = operator({ ...settings, HUB_STORE_MIGRATION_URL: owner }).run(['migrate'])
  const made = tools.run(['topics'])
  for (const { status, output } of [migrated, made]) {
    if (status !== 0) throw new Error(output)
    for (const text of output.trimEnd().split('\n')) line(text)
  }
}

function together(gateways: readonly Gateway[], kafka: KafkaCluster): Pick<HubProgram, 'start' | 'kill' | 'stop'> {
  let started = false
  return {
    async start() {
      for (const gateway of started ? gateways.slice(0, 1) : gateways) await gateway.start()
      if (started) await kafka.node(1).start()
      started = true
    },
    // The first gateway holds the leases, for it started first.
    async kill() {
      await Promise.all([gateways[0]?.kill(), kafka.node(1).kill()])
    },
    async stop() {
      for (const gateway of gateways) await gateway.stop()
    },
  }
}

/** A reader by the connectors' kit, from the first record on: everything sent is there, chained, nothing twice in effect. */
async function readTopics(kafka: KafkaCluster, directory: string, sent: readonly Sent[]): Promise<void> {
  title('A financial system reads Kafka, from the first record on')
  const wanted = sent.filter(({ receipt }) => receipt.state === 'recorded').map(({ receipt }) => receipt.id)
  const seen = new Map<string, number>()
  const troubles: string[] = []
  const consumer = await createEventConsumer({
    brokers: kafka.brokers,
    groupId: 'systeme-financier',
    topics,
    directory,
    handle: async ({ id }: HubEvent) => {
      seen.set(id, (seen.get(id) ?? 0) + 1)
      await Promise.resolve()
    },
    onTrouble: (trouble) => void troubles.push(JSON.stringify(trouble)),
  })
  const until = performance.now() + patienceMs
  const missing = (): readonly string[] => wanted.filter((id) => !seen.has(id))
  while (missing().length > 0 && performance.now() < until) await sleep(100)
  await consumer[Symbol.asyncDispose]()
  const twice = [...seen.values()].filter((times) => times > 1).length
  line(`${seen.size} events, of which all ${wanted.length} documents; missing ${missing().length}, twice ${twice}`)
  for (const trouble of troubles) line(`trouble: ${trouble}`)
  if (missing().length > 0 || twice > 0 || troubles.some((text) => text.includes('loss')))
    throw new Error('Kafka does not have each document once')
}
