import kafkajs, { type Admin, type Cluster, type Kafka, type KafkaMessage } from 'kafkajs'
import type { KafkaSettings } from '../config-servers.ts'
import type { Tail } from '../ports.ts'
import { linkKafka, oneRetry } from './kafka-client.ts'

/** A run that came late stands behind newer records, and has at most as many as the relay sends in one round. */
const looked = 200

/** Of one answer; a single larger record comes all the same. */
const maxBytes = 1_048_576

/** What a broker may wait for more before it answers: the records are there. */
const maxWaitTime = 500

/**
 * The newest of our records on each partition, read without a consumer group: nothing is committed, nobody is
 * rebalanced, and reading needs no other right than on the topics. Topics that are not there have none.
 * @param signal ends it at once
 * @throws when no broker answers
 */
export async function readTails(
  settings: KafkaSettings,
  topics: readonly string[],
  signal: AbortSignal,
): Promise<readonly Tail[]> {
  const { kafka, cut } = linkKafka(settings)
  signal.addEventListener('abort', cut)
  const admin = kafka.admin({ retry: { ...oneRetry } })
  const cluster = clusterOf(kafka)
  try {
    await admin.connect()
    const there = new Set(await admin.listTopics())
    const known = topics.filter((topic) => there.has(topic))
    await cluster.connect()
    await cluster.addMultipleTargetTopics(known)
    const tails: Tail[] = []
    for (const topic of known) tails.push(...(await tailsOf(admin, cluster, topic)))
    return tails
  } finally {
    signal.removeEventListener('abort', cut)
    await Promise.all([admin.disconnect(), cluster.disconnect()]).catch(() => undefined)
    cut()
  }
}

/** kafkajs gives its connections to whoever assigns partitions, before a consumer joins anything: this one never does. */
function clusterOf(kafka: Kafka): Cluster {
  const found: Cluster[] = []
  kafka.consumer({
    groupId: 'none',
    allowAutoTopicCreation: false,
    retry: { ...oneRetry },
    partitionAssigners: [
      (parts) => {
        found.push(parts.cluster)
        return kafkajs.PartitionAssigners.roundRobin(parts)
      },
    ],
  })
  const [cluster] = found
  if (!cluster) throw new Error('kafkajs gives its connections away no longer')
  return cluster
}

async function tailsOf(admin: Admin, cluster: Cluster, topic: string): Promise<readonly Tail[]> {
  const tails: Tail[] = []
  for (const { partition, low, high } of await admin.fetchTopicOffsets(topic)) {
    const place = { topic, partition, from: Math.max(Number(low), Number(high) - looked), to: Number(high) }
    const tail = await tailOf(cluster, place)
    if (tail) tails.push(tail)
  }
  return tails
}

interface Place {
  readonly topic: string
  readonly partition: number
  readonly from: number
  readonly to: number
}

async function tailOf(cluster: Cluster, place: Place): Promise<Tail | undefined> {
  let newest: Tail | undefined
  for (let offset = place.from; offset < place.to;) {
    const records = await fetchFrom(cluster, place, offset)
    for (const { offset: at, headers } of records) {
      const sequence = Number(headers?.['hub-seq'] ?? -1)
      if (Number(at) < offset || sequence <= (newest?.sequence ?? -1)) continue
      const { topic, partition } = place
      const [leaf, source] = [String(headers?.['hub-leaf']), String(headers?.['ce_source'])]
      newest = { topic, partition, sequence, leaf, source }
    }
    const last = records.at(-1)
    if (!last || Number(last.offset) < offset)
      throw new Error(`${place.topic}/${place.partition}: nothing to read at ${offset}, though it ends at ${place.to}`)
    offset = Number(last.offset) + 1
  }
  return newest
}

async function fetchFrom(cluster: Cluster, { topic, partition }: Place, offset: number): Promise<KafkaMessage[]> {
  const [nodeId] = Object.keys(cluster.findLeaderForPartitions(topic, [partition]))
  if (nodeId === undefined) throw new Error(`${topic}/${partition} has no leader`)
  const broker = await cluster.findBroker({ nodeId })
  const partitions = [{ partition, fetchOffset: String(offset), maxBytes }]
  const answer: unknown = await broker.fetch({ maxWaitTime, minBytes: 1, maxBytes, topics: [{ topic, partitions }] })
  return (answer as FetchAnswer).responses[0]?.partitions[0]?.messages ?? []
}

interface FetchAnswer {
  readonly responses: readonly { readonly partitions: readonly { readonly messages: KafkaMessage[] }[] }[]
}
