import { setTimeout as sleep } from 'node:timers/promises'
import kafkajs, { type Admin, type ITopicConfig } from 'kafkajs'
import type { KafkaSettings } from '../config-servers.ts'
import { linkKafka, oneRetry } from './kafka-client.ts'

/** A topic as it is. Values of settings as the broker tells them. */
export interface TopicState {
  readonly partitions: number
  /** The smallest of its partitions'. */
  readonly replicas: number
  readonly settings: Readonly<Record<string, string>>
}

/** What must hold of a topic for the promise of the bus; `socle topics` tells which of them are leasts. */
export function settingsOf({ minInSync }: KafkaSettings): Readonly<Record<string, string>> {
  return {
    'min.insync.replicas': String(minInSync),
    // A replica that has fallen behind never becomes leader: acknowledged records would be gone.
    'unclean.leader.election.enable': 'false',
    // Compaction would keep one event a consultation.
    'cleanup.policy': 'delete',
    'max.message.bytes': '1048588',
  }
}

/** Operators' view of the topics. Never alters one that is there. Rejects when the brokers do not answer. */
export interface TopicAdmin {
  /** Number of partitions of each of these topics that is there. */
  partitions(topics: readonly string[]): Promise<ReadonlyMap<string, number>>
  /** @throws when there is no such topic */
  read(topic: string): Promise<TopicState>
  create(topics: readonly string[]): Promise<void>
  close(): Promise<void>
}

/** `signal` ends whatever it is at. */
export async function openTopicAdmin(settings: KafkaSettings, signal?: AbortSignal): Promise<TopicAdmin> {
  const { kafka, cut } = linkKafka(settings)
  signal?.addEventListener('abort', cut)
  const end = (): void => {
    signal?.removeEventListener('abort', cut)
    cut()
  }
  const admin = kafka.admin({ retry: { ...oneRetry } })
  try {
    await admin.connect()
  } catch (error) {
    end()
    throw error
  }
  return {
    async partitions(topics) {
      const known = new Set(await admin.listTopics())
      const there = topics.filter((topic) => known.has(topic))
      // Asked for no topic in particular, kafkajs tells of all.
      const found = there.length === 0 ? { topics: [] } : await admin.fetchTopicMetadata({ topics: there })
      return new Map(found.topics.map(({ name, partitions }) => [name, partitions.length]))
    },
    read: async (topic) => await readTopic(admin, topic),
    async create(topics) {
      if (topics.length === 0) return
      // kafkajs's own wait fails when it asks a broker that has not heard of the topic yet.
      await admin.createTopics({ topics: topics.map((topic) => planOf(settings, topic)), waitForLeaders: false })
      await untilKnown(admin, topics)
    },
    async close() {
      await admin.disconnect().catch(() => undefined)
      end()
    },
  }
}

function planOf(settings: KafkaSettings, topic: string): ITopicConfig {
  const configEntries = Object.entries(settingsOf(settings)).map(([name, value]) => ({ name, value }))
  return { topic, numPartitions: settings.partitions, replicationFactor: settings.replication, configEntries }
}

/** Brokers hear of a new topic one after the other. Gives up after 15 s with what the broker said last. */
async function untilKnown(admin: Admin, topics: readonly string[]): Promise<void> {
  for (const end = performance.now() + 15_000; ; await sleep(100)) {
    try {
      const found = await admin.fetchTopicMetadata({ topics: [...topics] })
      if (found.topics.every(({ partitions }) => partitions.every(({ leader }) => leader >= 0))) return
    } catch (error) {
      if (performance.now() > end) throw error
    }
    if (performance.now() > end) throw new Error('the new topics have no leaders yet: run the command again')
  }
}

async function readTopic(admin: Admin, topic: string): Promise<TopicState> {
  const { topics } = await admin.fetchTopicMetadata({ topics: [topic] })
  const partitions = topics[0]?.partitions ?? []
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: topic }],
  })
  const entries = resources[0]?.configEntries ?? []
  return {
    partitions: partitions.length,
    replicas: Math.min(...partitions.map(({ replicas }) => replicas.length)),
    settings: Object.fromEntries(entries.map(({ configName, configValue }) => [configName, configValue])),
  }
}

/** Topics that are missing or cut otherwise than the settings say. */
export class TopicsNotReady extends Error {
  override readonly name = 'TopicsNotReady'
}

/**
 * A quick look before anything is published: the topics are there, with the number of partitions that the keys are
 * spread over.
 * @throws TopicsNotReady, or kafkajs's error when no broker answers
 */
export async function requireTopics(
  settings: KafkaSettings,
  topics: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const admin = await openTopicAdmin(settings, signal)
  try {
    const found = await admin.partitions(topics)
    const missing = topics.filter((topic) => !found.has(topic))
    if (missing.length > 0) throw new TopicsNotReady(`no topic ${missing.join(', ')}: create them with socle topics`)
    const other = [...found].filter(([, partitions]) => partitions !== settings.partitions)
    if (other.length > 0)
      throw new TopicsNotReady(
        `${other.map(([name, partitions]) => `${name} has ${partitions} partitions`).join(', ')} and ` +
          `HUB_KAFKA_PARTITIONS is ${settings.partitions}: set it to what is there (socle topics --check)`,
      )
  } finally {
    await admin.close()
  }
}
