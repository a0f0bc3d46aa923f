import { setTimeout as sleep } from 'node:timers/promises'
import { createKafkaBus, type KafkaBusSettings } from '@socle/gateway'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type KafkaCluster, startKafka } from '../servers/kafka.ts'
import { clientOf, consume, createMessages, createTopic, publishUntilSure, readBack } from './kafka-records.ts'

/** Three real brokers: what is acknowledged is on two of them. */
let kafka: KafkaCluster
beforeAll(async () => {
  kafka = await startKafka({ nodes: 3 })
}, 120_000)
afterAll(async () => await kafka.stop())

function settingsFor(topic: string, partitions: number): KafkaBusSettings {
  const plain = { tls: false, caFile: undefined, sasl: undefined }
  return { brokers: kafka.brokers, ...plain, partitions, replication: 3, minInSync: 2, topics: [topic] }
}

async function leaderOf(topic: string, partition: number): Promise<number> {
  const admin = clientOf(kafka.brokers).admin()
  await admin.connect()
  const { topics } = await admin.fetchTopicMetadata({ topics: [topic] })
  await admin.disconnect()
  return topics[0]?.partitions.find(({ partitionId }) => partitionId === partition)?.leader ?? -1
}

/** Takes the partition from its leader, who stays alive: producers that know the old one are told so at their next send. */
async function moveLeader(topic: string, partition: number, replicas: number[]): Promise<void> {
  const admin = clientOf(kafka.brokers).admin()
  await admin.connect()
  await admin.alterPartitionReassignments({ topics: [{ topic, partitionAssignment: [{ partition, replicas }] }] })
  await admin.disconnect()
  await expect.poll(async () => await leaderOf(topic, partition), { timeout: 20_000 }).toBe(replicas[0])
}

describe('a leader that moves to a broker that has answered already (K1)', () => {
  // Partition 0 is led by broker 1, partition 1 by broker 2, which will hand it to broker 1.
  const assign = [
    [1, 3],
    [2, 3],
  ]

  test('plain kafkajs says that both partitions have their record, and one has not', async () => {
    const topic = await createTopic(kafka.brokers, 2, { assign })
    const client = clientOf(kafka.brokers)
    const producer = client.producer({
      createPartitioner:
        () =>
        ({ message }) =>
          message.partition ?? 0,
    })
    await producer.connect()
    const send = async (number: string) => {
      const headers = { 'hub-seq': number }
      const messages = [0, 1].map((partition) => ({ partition, value: number, headers }))
      return await producer.send({ topic, acks: -1, messages })
    }
    await send('0')
    await moveLeader(topic, 1, [1, 3])
    const results = await send('1')
    const there = await readBack(kafka.brokers, topic)
    expect(there.filter(({ sequence }) => sequence === 1).map(({ partition }) => partition)).toEqual([0])
    // The only sign of it: one result for two partitions.
    expect(results.map(({ partition, errorCode }) => [partition, errorCode])).toEqual([[0, 0]])
    await producer.disconnect()
  }, 60_000)

  test('on ours both are there', async () => {
    const topic = await createTopic(kafka.brokers, 2, { assign })
    const bus = createKafkaBus(settingsFor(topic, 2), () => undefined)
    const next = createMessages(topic, 2, 200)
    await bus.publish(next(2))
    await moveLeader(topic, 1, [1, 3])
    await publishUntilSure(bus, next(2))
    const { kept, gaps } = consume(await readBack(kafka.brokers, topic))
    expect([kept.map(({ partition }) => partition).sort((a, b) => a - b), gaps]).toEqual([[0, 0, 1, 1], []])
    await bus.close()
  }, 60_000)
})

describe('a leader killed under load, then another one frozen', () => {
  test('cost no message and break no chain, while they are away and when they come back', async () => {
    const topic = await createTopic(kafka.brokers, 12, { replication: 3 })
    const bus = createKafkaBus(settingsFor(topic, 12), () => undefined)
    const next = createMessages(topic, 12)
    const rounds = { run: true, sent: 0, doubts: 0 }
    const publishing = (async () => {
      while (rounds.run) {
        const window = next(200)
        rounds.doubts += await publishUntilSure(bus, window)
        rounds.sent += window.length
        await sleep(10)
      }
    })()
    const more = async (count: number): Promise<void> => {
      const before = rounds.sent
      await expect.poll(() => rounds.sent, { timeout: 40_000 }).toBeGreaterThan(before + count)
    }
    await more(2_000)
    const leader = kafka.node(await leaderOf(topic, 0))
    await leader.kill()
    await more(4_000)
    await leader.start()
    await kafka.ready()
    await more(4_000)
    // Worse than a dead one: it takes connections and says nothing.
    const frozen = kafka.node(await leaderOf(topic, 1)).pid ?? 0
    process.kill(frozen, 'SIGSTOP')
    try {
      await more(2_000)
    } finally {
      process.kill(frozen, 'SIGCONT')
    }
    await more(2_000)
    rounds.run = false
    await publishing
    expect(rounds.doubts).toBeGreaterThan(0)
    const { kept, gaps } = consume(await readBack(kafka.brokers, topic))
    expect(gaps).toEqual([])
    expect(kept.length).toBe(rounds.sent)
    expect(new Set(kept.map(({ sequence }) => sequence)).size).toBe(rounds.sent)
    await bus.close()
  }, 120_000)
})
