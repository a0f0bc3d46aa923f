import { appendFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Admin, Kafka, logLevel } from 'kafkajs'
import type { TopicRecord } from '../check/evidence.ts'

/** Partitions of each topic in these runs: several consultations share one, and dumping stays quick. */
export const partitions = 4

export const topicOf: Readonly<Record<string, string>> = Object.fromEntries(
  ['notice', 'dume-request', 'dume-response', 'award', 'outcome'].map((type) => [type, `tncp.sandbox.${type}s.v1`]),
)
export const topics: readonly string[] = Object.values(topicOf)

/** Empty topics for the next run: those of the last one are deleted first. */
export async function renewTopics(brokers: readonly string[]): Promise<void> {
  await withAdmin(brokers, async (admin) => {
    const there = (await admin.listTopics()).filter((topic) => topics.includes(topic))
    if (there.length > 0) await admin.deleteTopics({ topics: there })
    const copies = brokers.length
    const configEntries = [
      { name: 'min.insync.replicas', value: String(copies === 1 ? 1 : 2) },
      { name: 'cleanup.policy', value: 'delete' },
    ]
    const wanted = topics.map((topic) => ({
      topic,
      numPartitions: partitions,
      replicationFactor: copies,
      configEntries,
    }))
    // A deleted topic keeps its name for a moment.
    for (let tries = 0; ; tries++) {
      try {
        await admin.createTopics({ topics: wanted, waitForLeaders: true, timeout: 10_000 })
        return
      } catch (error) {
        if (tries === 50) throw error
        await sleep(100)
      }
    }
  })
}

/** Every record of every topic, each partition in the order of its offsets, one line of JSON a record. */
export async function dumpTopics(brokers: readonly string[], file: string): Promise<void> {
  const left = new Map<string, number>()
  await withAdmin(brokers, async (admin) => {
    for (const topic of topics)
      for (const { partition, high } of await admin.fetchTopicOffsets(topic))
        if (Number(high) > 0) left.set(`${topic}/${partition}`, Number(high))
  })
  appendFileSync(file, '')
  if (left.size === 0) return
  const group = `dump-${Date.now()}`
  const consumer = client(brokers).consumer({ groupId: group, retry: { retries: 3 } })
  await consumer.connect()
  await consumer.subscribe({ topics: [...topics], fromBeginning: true })
  await new Promise<void>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('the topics could not be read back in a minute')), 60_000)
    void consumer.run({
      autoCommit: false,
      async eachMessage({ topic, partition, message }) {
        const headers = Object.fromEntries(
          Object.entries(message.headers ?? {}).map(([name, value]) => [name, String(value)]),
        )
        const offset = Number(message.offset)
        const [key, value] = [String(message.key), String(message.value)]
        appendFileSync(
          file,
          `${JSON.stringify({ topic, partition, offset, key, headers, value } satisfies TopicRecord)}\n`,
        )
        const name = `${topic}/${partition}`
        if (offset + 1 >= (left.get(name) ?? Infinity)) left.delete(name)
        if (left.size === 0) {
          clearTimeout(late)
          resolve()
        }
        await Promise.resolve()
      },
    })
  })
  await consumer.disconnect()
}

function client(brokers: readonly string[]): Kafka {
  return new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING, retry: { retries: 8, initialRetryTime: 100 } })
}

async function withAdmin(brokers: readonly string[], work: (admin: Admin) => Promise<void>): Promise<void> {
  const admin = client(brokers).admin()
  await admin.connect()
  try {
    await work(admin)
  } finally {
    await admin.disconnect()
  }
}
