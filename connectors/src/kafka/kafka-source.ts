import {
  type Assigner,
  AssignerProtocol,
  type Cluster,
  type Consumer,
  Kafka,
  type KafkaConfig,
  logLevel,
} from 'kafkajs'
import { realSurroundings } from '../kit/connector.ts'
import { reasonFor } from '../kit/reason.ts'
import { backOff } from '../kit/retry.ts'
import { calmRequestQueues } from './kafka-calm.ts'
import type { ConsumerLimits } from './limits.ts'
import type { KafkaRecord } from './record.ts'
import type { RecordSource, SourceSettings, Start } from './source.ts'
import type { Place } from './trouble.ts'

/** The only file that knows kafkajs. */
export interface KafkaAccess extends Pick<KafkaConfig, 'ssl' | 'sasl'> {
  /** host:port of some brokers; the others are found through them. */
  readonly brokers: readonly string[]
  /** One group for one consumer: its name for the broker, and where its lag is watched. */
  readonly groupId: string
  /** Which partitions of each topic are read. Several consumers share a topic by lists that do not overlap. */
  readonly partitions: 'all' | readonly number[]
}

/** More than the hub's five topics have partitions: none waits for another. */
const concurrent = 128

/**
 * Reads through a consumer group of one member, because kafkajs knows no other way, and asks for every partition of the
 * list: the broker's rebalancing then moves nothing. The client is thrown away at each failure and made anew, without
 * end; where to read is asked of the caller each time.
 */
export function openKafkaSource(access: KafkaAccess, settings: SourceSettings, limits: ConsumerLimits): RecordSource {
  calmRequestQueues()
  const closing = new AbortController()
  let consumer: Consumer | undefined
  let failures = 0

  const run = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      try {
        const member: Member = { id: undefined }
        const mine = createConsumer(access, limits, (cluster) => assignerOf(cluster, access, settings, member))
        mine.on('consumer.group_join', ({ payload }) => {
          failures = 0
          member.id = payload.memberId
          joined(mine, settings, placesIn(payload.memberAssignment))
        })
        consumer = mine
        await consume(mine, settings, limits.patienceMs, closing.signal)
      } catch (error) {
        if (closing.signal.aborted) return
        failures += 1
        settings.disconnected(reasonFor(error), failures)
        await realSurroundings.sleep(backOff(failures, 500, limits.reconnectMs), closing.signal)
      }
    }
  }
  const running = run()
  return {
    resume: (start) => readFrom(consumer, start),
    async commit(starts) {
      const offsets = starts.map(({ topic, partition, offset }) => ({ topic, partition, offset: String(offset) }))
      await consumer?.commitOffsets(offsets)
    },
    async close() {
      closing.abort()
      await running
    },
  }
}

/** Until the signal. Rejects when the consumer can no longer go on; it has left in either case. */
async function consume(
  consumer: Consumer,
  { topics, receive }: SourceSettings,
  patienceMs: number,
  signal: AbortSignal,
): Promise<void> {
  const crashed = new Promise<never>((_, reject) =>
    consumer.on('consumer.crash', ({ payload }) => reject(payload.error)),
  )
  crashed.catch(() => undefined)
  try {
    await consumer.connect()
    await consumer.subscribe({ topics: [...topics], fromBeginning: true })
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: concurrent,
      async eachBatch(payload) {
        const { topic, partition, messages } = payload.batch
        payload.pause()
        const records = messages.map((message) => recordOf({ topic, partition }, message))
        await atMost(receive({ topic, partition }, records), patienceMs)
      },
    })
    await Promise.race([crashed, untilAborted(signal)])
  } finally {
    await consumer.disconnect().catch(() => undefined)
  }
}

/**
 * A broker that answers nothing (a connection half open, a frozen process) is given up after this: a request and its two
 * repetitions are then half a minute, not three. Fetching and joining have their own time on top, by kafkajs.
 */
const requestMs = 10_000

/** What the broker calls this consumer, once it has. */
interface Member {
  id: string | undefined
}

function createConsumer(
  { brokers, ssl, sasl, groupId }: KafkaAccess,
  limits: ConsumerLimits,
  assigner: (cluster: Cluster) => Assigner,
): Consumer {
  const kafka = new Kafka({
    clientId: groupId,
    brokers: [...brokers],
    ...(ssl === undefined ? {} : { ssl }),
    ...(sasl === undefined ? {} : { sasl }),
    logLevel: logLevel.NOTHING,
    requestTimeout: requestMs,
  })
  return kafka.consumer({
    groupId,
    partitionAssigners: [({ cluster }) => assigner(cluster)],
    sessionTimeout: limits.sessionMs,
    heartbeatInterval: Math.round(limits.sessionMs / 10),
    maxBytesPerPartition: limits.fetchBytes,
    maxWaitTimeInMs: limits.fetchWaitMs,
    allowAutoTopicCreation: false,
    // Whatever time cures, `run` above tries again; kafkajs's own restart would keep its own idea of where to read.
    retry: { retries: 2, initialRetryTime: 200, restartOnFailure: async () => false },
  })
}

/**
 * Gives one member everything in the list: the one that had it, which is the one that the broker asks. A second member of
 * the group, which can only be a mistake, gets nothing: two owners of a partition would repeat each other's effects.
 */
function assignerOf(
  cluster: Cluster,
  { partitions }: KafkaAccess,
  settings: Pick<SourceSettings, 'groupShared'>,
  member: Member,
): Assigner {
  const name = `socle-all-${partitions === 'all' ? partitions : [...partitions].sort((a, b) => a - b).join('-')}`
  return {
    name,
    version: 1,
    async assign({ members, topics }) {
      const ids = members.map(({ memberId }) => memberId).sort()
      const owner = ids.find((id) => id === member.id) ?? ids[0] ?? ''
      if (ids.length > 1) settings.groupShared()
      const wanted = topics.map((topic) => [
        topic,
        cluster
          .findTopicPartitionMetadata(topic)
          .map(({ partitionId }) => partitionId)
          .filter((id) => partitions === 'all' || partitions.includes(id)),
      ])
      const assignment = { version: 1, assignment: Object.fromEntries(wanted), userData: Buffer.alloc(0) }
      return [{ memberId: owner, memberAssignment: AssignerProtocol.MemberAssignment.encode(assignment) }]
    },
    protocol: ({ topics }) => ({
      name,
      metadata: AssignerProtocol.MemberMetadata.encode({ version: 1, topics, userData: Buffer.alloc(0) }),
    }),
  }
}

function joined(consumer: Consumer, settings: SourceSettings, places: readonly Place[]): void {
  if (places.length === 0) settings.groupShared()
  const starts = settings.assigned(places)
  for (const place of places) {
    const start = starts.find((one) => one.topic === place.topic && one.partition === place.partition)
    if (start) readFrom(consumer, start)
    else consumer.pause([{ topic: place.topic, partitions: [place.partition] }])
  }
}

/** While no consumer runs there is nothing to do: the next one asks where to read. */
function readFrom(consumer: Consumer | undefined, { topic, partition, offset }: Start): void {
  try {
    consumer?.seek({ topic, partition, offset: String(offset) })
    consumer?.resume([{ topic, partitions: [partition] }])
  } catch {
    // Said by kafkajs of a consumer that is not running yet, or no more.
  }
}

function placesIn(assignment: Readonly<Record<string, readonly number[]>>): readonly Place[] {
  return Object.entries(assignment).flatMap(([topic, partitions]) =>
    partitions.map((partition) => ({ topic, partition })),
  )
}

interface Message {
  readonly offset: string
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers?: Readonly<Record<string, Buffer | string | (Buffer | string)[] | undefined>>
}

function recordOf(place: Place, { offset, key, value, headers = {} }: Message): KafkaRecord {
  const single = Object.entries(headers).flatMap(([name, content]) =>
    content === undefined || Array.isArray(content) ? [] : [[name.toLowerCase(), content.toString('utf8')] as const],
  )
  return {
    ...place,
    offset: Number(offset),
    key: key ?? undefined,
    value: value ?? undefined,
    headers: Object.fromEntries(single),
  }
}

/** Resolves when the work has ended, or the time is over: the work then goes on by itself. */
async function atMost(work: Promise<void>, ms: number): Promise<void> {
  const enough = new AbortController()
  await Promise.race([work, realSurroundings.sleep(ms, enough.signal)])
  enough.abort()
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}
