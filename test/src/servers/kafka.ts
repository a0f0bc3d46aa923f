import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Kafka, logLevel } from 'kafkajs'
import { kafkaClassPath } from './kafka-jars.ts'
import { type KafkaNode, newClusterId, prepareNode } from './kafka-node.ts'
import type { SecureListener } from './kafka-secure.ts'
import { freePorts } from './ports.ts'

export interface KafkaOptions {
  readonly nodes: 1 | 3
  /** Where the data goes; made, and deleted at the end. Absent: a temporary one. */
  readonly directory?: string
  /** Over the broker properties that the nodes get by themselves. */
  readonly properties?: Readonly<Record<string, string>>
  /** Ports that clients are told in place of the brokers' own, one a node: proxies of a test. They must listen already. */
  readonly advertise?: readonly number[]
  /** The brokers' own ports, before the first is started: where those proxies lead. */
  readonly onPorts?: (ports: readonly number[]) => void
  /** A second listener, with TLS and passwords. */
  readonly secure?: SecureListener
}

/** A real Apache Kafka (KRaft, no ZooKeeper): one Java process a node, on 127.0.0.1. */
export interface KafkaCluster {
  /** host:port of every node, for `HUB_KAFKA_BROKERS`. */
  readonly brokers: readonly string[]
  /** The same with TLS and passwords, where asked for. */
  readonly secureBrokers: readonly string[]
  readonly pids: readonly number[]
  /** By its id, from 1. */
  node(id: number): KafkaNode
  /** Waits until this many brokers are registered and a new topic has a leader everywhere. */
  ready(brokers?: number): Promise<void>
  kill(): Promise<void>
  start(): Promise<void>
  /** Stops every node and deletes the data. */
  stop(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** The longest start seen is 12 s, after SIGKILL. */
const readyMs = 60_000

/** Starts a cluster and waits until it serves: about 4 s with one node, 10 s with three on two cores. */
export async function startKafka(options: KafkaOptions): Promise<KafkaCluster> {
  const classPath = await kafkaClassPath()
  const directory = options.directory ?? mkdtempSync(join(tmpdir(), 'socle-kafka-'))
  const ports = await freePorts(options.nodes * 4)
  const ids = Array.from({ length: options.nodes }, (_, index) => index)
  const portOf = (index: number): number => ports[index] ?? 0
  const controllers = ids.map((index) => portOf(index * 4 + 2))
  options.onPorts?.(ids.map((index) => portOf(index * 4)))
  const clusterId = newClusterId()
  const nodes = await Promise.all(
    ids.map(async (index) => {
      const client = portOf(index * 4)
      const own = {
        client,
        internal: portOf(index * 4 + 1),
        controller: portOf(index * 4 + 2),
        secure: portOf(index * 4 + 3),
        advertised: options.advertise?.[index] ?? client,
      }
      const shared = { controllers, classPath, properties: options.properties ?? {}, secure: options.secure }
      const plan = { id: index + 1, ports: own, directory: join(directory, `node-${index + 1}`), ...shared }
      return await prepareNode(plan, clusterId)
    }),
  )
  const secureBrokers = options.secure ? ids.map((index) => `127.0.0.1:${portOf(index * 4 + 3)}`) : []
  const cluster = clusterOf(nodes, secureBrokers, directory)
  try {
    await cluster.start()
  } catch (error) {
    await cluster.stop()
    throw error
  }
  return cluster
}

function clusterOf(nodes: readonly KafkaNode[], secureBrokers: readonly string[], directory: string): KafkaCluster {
  const brokers = nodes.map(({ address }) => address)
  const ready = async (count = nodes.length): Promise<void> => await untilReady(brokers, count)
  const stop = async (): Promise<void> => {
    await Promise.all(nodes.map(async (node) => await node.stop()))
    rmSync(directory, { recursive: true, force: true })
  }
  return {
    brokers,
    secureBrokers,
    get pids() {
      return nodes.flatMap(({ pid }) => pid ?? [])
    },
    node(id) {
      const found = nodes[id - 1]
      if (!found) throw new Error(`there is no node ${id}`)
      return found
    },
    ready,
    async kill() {
      await Promise.all(nodes.map(async (node) => await node.kill()))
    },
    async start() {
      for (const node of nodes) if (node.pid === undefined) await node.start()
      await ready()
    },
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

/**
 * A listening port proves nothing: a broker listens before the controller knows it. A new topic of which every partition
 * has a leader proves the whole way.
 */
async function untilReady(brokers: readonly string[], count: number): Promise<void> {
  const end = Date.now() + readyMs
  let last: unknown
  while (Date.now() < end) {
    try {
      return await probe(brokers, count)
    } catch (error) {
      last = error
      await sleep(100)
    }
  }
  throw new Error(`Kafka was not ready within ${readyMs / 1000} s`, { cause: last })
}

async function probe(brokers: readonly string[], count: number): Promise<void> {
  const retry = { retries: 0 }
  const kafka = new Kafka({ brokers: [...brokers], retry, logLevel: logLevel.NOTHING, requestTimeout: 5_000 })
  const admin = kafka.admin({ retry })
  try {
    await admin.connect()
    const { brokers: registered, controller } = await admin.describeCluster()
    if (registered.length < count || controller === null) throw new Error(`${registered.length} of ${count} brokers`)
    const topic = `ready-${randomBytes(6).toString('hex')}`
    const plan = { topic, numPartitions: count, replicationFactor: count }
    try {
      await admin.createTopics({ topics: [plan], timeout: 5_000, waitForLeaders: false })
      const { topics } = await admin.fetchTopicMetadata({ topics: [topic] })
      const partitions = topics[0]?.partitions ?? []
      if (partitions.length < count || partitions.some(({ leader }) => leader < 0)) throw new Error('no leader yet')
    } finally {
      await admin.deleteTopics({ topics: [topic], timeout: 5_000 }).catch(() => undefined)
    }
  } finally {
    await admin.disconnect()
  }
}
