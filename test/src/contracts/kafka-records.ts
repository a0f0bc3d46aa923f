import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Bus, BusMessage } from '@socle/gateway'
import { type Admin, Kafka, type KafkaMessage, logLevel } from 'kafkajs'

/** A message of the bus, as it was read back from Kafka. */
export interface ReadRecord extends BusMessage {
  readonly headers: Readonly<Record<string, string>>
}

/** kafkajs as it comes. */
export function clientOf(brokers: readonly string[], requestTimeout = 10_000): Kafka {
  const retry = { retries: 8, initialRetryTime: 100 }
  return new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING, retry, requestTimeout })
}

/** A new topic that nobody else uses. Its replicas are placed by `assign` (broker ids a partition), or by Kafka. */
export async function createTopic(
  brokers: readonly string[],
  partitions: number,
  { replication = 1, assign }: { readonly replication?: number; readonly assign?: readonly number[][] } = {},
): Promise<string> {
  const topic = `tncp.sandbox.test-${randomBytes(5).toString('hex')}.v1`
  const admin = clientOf(brokers).admin()
  await admin.connect()
  const placed = assign?.map((replicas, partition) => ({ partition, replicas }))
  const plan = placed ? { replicaAssignment: placed } : { numPartitions: partitions, replicationFactor: replication }
  await admin.createTopics({ topics: [{ topic, ...plan }], waitForLeaders: false })
  await untilLed(admin, topic)
  await admin.disconnect()
  return topic
}

/** kafkajs's own wait fails when it asks a broker that has not heard of the topic yet. */
async function untilLed(admin: Admin, topic: string): Promise<void> {
  for (let tries = 0; tries < 150; tries++) {
    const found = await admin.fetchTopicMetadata({ topics: [topic] }).catch(() => ({ topics: [] }))
    if (found.topics[0]?.partitions.every(({ leader }) => leader >= 0) === true) return
    await sleep(100)
  }
  throw new Error(`${topic} has no leaders after 15 s`)
}

/** Reads the topic from its beginning and goes on; `records` grows, in order within each partition. */
export async function follow(
  brokers: readonly string[],
  topic: string,
): Promise<{ readonly records: readonly ReadRecord[]; close(): Promise<void> }> {
  const records: ReadRecord[] = []
  const consumer = clientOf(brokers).consumer({
    groupId: `test-${randomBytes(5).toString('hex')}`,
    maxWaitTimeInMs: 100,
    sessionTimeout: 10_000,
  })
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  await consumer.run({
    async eachBatch({ batch }) {
      for (const message of batch.messages) records.push(recordOf(topic, batch.partition, message))
      await Promise.resolve()
    },
  })
  return { records, close: async () => await consumer.disconnect() }
}

/** Everything that is in the topic now. */
export async function readBack(brokers: readonly string[], topic: string): Promise<readonly ReadRecord[]> {
  const admin = clientOf(brokers).admin()
  await admin.connect()
  const offsets = await admin.fetchTopicOffsets(topic)
  await admin.disconnect()
  const expected = offsets.reduce((sum, { low, high }) => sum + Number(high) - Number(low), 0)
  const reader = await follow(brokers, topic)
  const end = Date.now() + 30_000
  while (reader.records.length < expected && Date.now() < end) await sleep(20)
  await reader.close()
  if (reader.records.length < expected) throw new Error(`${reader.records.length} of ${expected} records were read`)
  return reader.records
}

function recordOf(topic: string, partition: number, message: KafkaMessage): ReadRecord {
  const headers = Object.fromEntries(
    Object.entries(message.headers ?? {}).map(([name, value]) => [name, String(value)] as const),
  )
  const attributes = Object.entries(headers).flatMap(([name, value]) => {
    if (name === 'content-type') return [['datacontenttype', value]]
    return name.startsWith('ce_') ? [[name.slice(3), value]] : []
  })
  return {
    topic,
    partition,
    headers,
    key: String(message.key),
    sequence: Number(headers['hub-seq']),
    previous: Number(headers['hub-prev']),
    leaf: headers['hub-leaf'] ?? '',
    attributes: Object.fromEntries(attributes) as Record<string, string>,
    data: message.value ?? Buffer.alloc(0),
  }
}

/** What a consumer that keeps the contract makes of a topic (schemas/spec/kafka.md): one integer a partition. */
export function consume(records: readonly ReadRecord[]): {
  readonly kept: readonly ReadRecord[]
  readonly repeated: number
  readonly gaps: readonly string[]
} {
  const last = new Map<number, number>()
  const kept: ReadRecord[] = []
  const gaps: string[] = []
  let repeated = 0
  for (const record of records) {
    const { partition, sequence, previous } = record
    const seen = last.get(partition) ?? -1
    if (sequence <= seen) {
      repeated++
      continue
    }
    if (previous !== seen) gaps.push(`partition ${partition}: ${sequence} says ${previous} is before it, not ${seen}`)
    last.set(partition, sequence)
    kept.push(record)
  }
  return { kept, repeated, gaps }
}

/** As the relay makes them: numbered by the log, chained by partition. */
export function createMessages(
  topic: string,
  partitions: number,
  bytes = 2_900,
): (count: number) => readonly BusMessage[] {
  const last = new Map<number, number>()
  let sequence = 0
  return (count) =>
    Array.from({ length: count }, () => {
      const key = `consultation-${sequence % 50}`
      const partition = (sequence % 50) % partitions
      const previous = last.get(partition) ?? -1
      const id = `document-${sequence}`
      const data = Buffer.from(JSON.stringify({ n: sequence, text: 'x'.repeat(Math.max(0, bytes - 30)) }))
      const attributes = { specversion: '1.0', id, type: 'test', datacontenttype: 'application/json' }
      const message = { topic, key, partition, sequence, previous, leaf: 'ab'.repeat(32), attributes, data }
      last.set(partition, sequence++)
      return message
    })
}

/** As the relay does: the same messages again until the bus is sure of them. @returns how often it was in doubt */
export async function publishUntilSure(bus: Pick<Bus, 'publish'>, messages: readonly BusMessage[]): Promise<number> {
  for (let doubts = 0; ; doubts++) {
    try {
      await bus.publish(messages)
      return doubts
    } catch (error) {
      if (doubts > 200) throw error
      await sleep(200)
    }
  }
}
