import { setTimeout as sleep } from 'node:timers/promises'
import { type Bus, createKafkaBus, type KafkaBusSettings } from '@socle/gateway'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type KafkaCluster, startKafka } from '../servers/kafka.ts'
import { busContract, messagesOn } from './bus-contract.ts'
import { type KafkaProxy, startProxy } from './kafka-proxy.ts'
import {
  clientOf,
  consume,
  createMessages,
  createTopic,
  follow,
  publishUntilSure,
  readBack,
  type ReadRecord,
} from './kafka-records.ts'

/** One real broker behind a proxy that can lose answers and hold requests. */
let proxy: KafkaProxy
let kafka: KafkaCluster
beforeAll(async () => {
  proxy = await startProxy()
  const starting = startKafka({ nodes: 1, advertise: [proxy.port], onPorts: ([port = 0]) => (proxy.target = port) })
  kafka = await starting
}, 120_000)
afterAll(async () => {
  await kafka.stop()
  proxy.close()
})

function settingsFor(topics: readonly string[], partitions: number): KafkaBusSettings {
  const { brokers } = kafka
  const plain = { tls: false, caFile: undefined, sasl: undefined }
  return { brokers, ...plain, partitions, replication: 1, minInSync: 1, topics }
}

async function openBus(partitions: number): Promise<{ readonly bus: Bus; readonly topic: string }> {
  const topic = await createTopic(kafka.brokers, partitions)
  const bus = createKafkaBus(settingsFor([topic], partitions), () => undefined)
  return { bus, topic }
}

busContract('Kafka', async () => {
  const topics = [await createTopic(kafka.brokers, 1), await createTopic(kafka.brokers, 1)] as const
  const bus = createKafkaBus(settingsFor(topics, 1), () => undefined)
  const readers: Awaited<ReturnType<typeof follow>>[] = []
  return {
    bus,
    topics,
    async listen(topic) {
      const reader = await follow(kafka.brokers, topic)
      readers.push(reader)
      return reader.records
    },
    async close() {
      await Promise.all([bus.close(), ...readers.map(async (reader) => await reader.close())])
    },
  }
})

const sequences = (records: readonly ReadRecord[]): readonly number[] => records.map(({ sequence }) => sequence)

describe('a record on Kafka', () => {
  test('is a CloudEvent in binary mode: attributes as headers, the data alone as value, the consultation as key', async () => {
    const { bus, topic } = await openBus(3)
    const attributes = {
      specversion: '1.0',
      id: '0192f0c1',
      source: '//socle.invalid/sandbox/2026h2',
      datacontenttype: 'application/json',
      hubseq: '41',
    }
    await bus.publish(messagesOn(topic, 41, 42).map((message) => ({ ...message, partition: 2, attributes })))
    const [record] = await readBack(kafka.brokers, topic)
    expect(record?.headers).toEqual({
      'content-type': 'application/json',
      ce_specversion: '1.0',
      ce_id: '0192f0c1',
      ce_source: '//socle.invalid/sandbox/2026h2',
      ce_hubseq: '41',
      'hub-seq': '41',
      'hub-prev': '40',
      'hub-leaf': 'ab'.repeat(32),
    })
    expect([record?.key, record?.partition]).toEqual(['consultation-2', 2])
    expect(Buffer.from(record?.data ?? []).toString('utf8')).toBe('{"n":41,"objet":"élagage"}')
    await bus.close()
  })

  test('many and large messages go in several sends, whole and in order', async () => {
    const { bus, topic } = await openBus(4)
    const large = createMessages(topic, 4, 300_000)(12)
    await bus.publish(large)
    await bus.publish(large)
    const { kept, repeated, gaps } = consume(await readBack(kafka.brokers, topic))
    expect([kept.length, repeated, gaps]).toEqual([12, 12, []])
    expect(kept.every(({ data }) => data.length > 299_900)).toBe(true)
    await bus.close()
  })
})

describe('the tail of a partition', () => {
  const place = async (bus: Bus): Promise<readonly unknown[]> =>
    // Brokers tell of partitions in any order.
    [...(await bus.tails())]
      .sort((one, other) => one.partition - other.partition)
      .map(({ partition, sequence, source, leaf }) => [partition, sequence, source, leaf.length])

  test('is the newest message there, also behind a run that came late; an empty one has none', async () => {
    const { bus, topic } = await openBus(3)
    // A topic made a moment ago may not have a leader yet; the hub asks again too.
    await vi.waitFor(async () => expect(await bus.tails()).toEqual([]), 15_000)
    const source = '//socle.invalid/sandbox/2026h2'
    const on = (partition: number, from: number, to: number) =>
      messagesOn(topic, from, to).map((message) => ({ ...message, partition, attributes: { source } }))
    await bus.publish([...on(0, 0, 300), ...on(2, 300, 301)])
    expect(await place(bus)).toEqual([
      [0, 299, source, 64],
      [2, 300, source, 64],
    ])
    await bus.publish(on(0, 150, 250))
    expect((await place(bus))[0]).toEqual([0, 299, source, 64])
    await bus.close()
  })

  test('is read through records larger than an answer, and is nothing without its topic', async () => {
    const { bus, topic } = await openBus(1)
    await bus.publish(createMessages(topic, 1, 300_000)(9))
    expect((await bus.tails()).map(({ sequence }) => sequence)).toEqual([8])
    const missing = createKafkaBus(settingsFor(['tncp.sandbox.nowhere.v1'], 1), () => undefined)
    expect(await missing.tails()).toEqual([])
    await Promise.all([bus.close(), missing.close()])
  })
})

describe('topics that are not as the settings say', () => {
  test('refuse every message, and the error names the command that mends it', async () => {
    const { topic } = await openBus(2)
    const troubles: unknown[] = []
    const other = createKafkaBus(settingsFor([topic], 12), (error) => troubles.push(error))
    await expect(other.publish(messagesOn(topic, 0, 1))).rejects.toThrow(/has 2 partitions.*is 12.*socle topics/)
    const missing = createKafkaBus(settingsFor([topic, 'tncp.sandbox.nowhere.v1'], 2), (error) => troubles.push(error))
    await expect(missing.publish(messagesOn(topic, 0, 1))).rejects.toThrow(/tncp\.sandbox\.nowhere\.v1.*socle topics/)
    expect(troubles.map((error) => (error as Error).name)).toEqual(['TopicsNotReady', 'TopicsNotReady'])
    expect(await readBack(kafka.brokers, topic)).toEqual([])
    await Promise.all([other.close(), missing.close()])
  })
})

describe('two sends of which the first one’s answer is lost (K2)', () => {
  test('on plain kafkajs, idempotent, are both acknowledged, and one is not there', async () => {
    const topic = await createTopic(kafka.brokers, 1)
    const client = clientOf(kafka.brokers, 1_000)
    const producer = client.producer({ idempotent: true, maxInFlightRequests: 1, createPartitioner: () => () => 0 })
    await producer.connect()
    const send = async (value: string) =>
      await producer.send({ topic, messages: [{ value, headers: { 'hub-seq': value } }] })
    await send('0')
    proxy.loseAnswers(1)
    await Promise.all([send('1'), send('2')])
    const there = sequences(await readBack(kafka.brokers, topic))
    // One of the two stands there twice, in place of the other.
    expect(['0,1,1', '0,2,2']).toContain(there.join())
    await producer.disconnect()
  }, 60_000)

  test('on ours are both there, and the chain is whole', async () => {
    const { bus, topic } = await openBus(1)
    const next = createMessages(topic, 1, 200)
    await bus.publish(next(1))
    const before = proxy.lost
    proxy.loseAnswers(2)
    const doubts = [await publishUntilSure(bus, next(1)), await publishUntilSure(bus, next(1))]
    expect(proxy.lost - before).toBe(2)
    // Two answers lost: kafkajs's own retry is used up, the bus says so, and the same message goes again.
    expect(doubts).toEqual([1, 0])
    const { kept, gaps } = consume(await readBack(kafka.brokers, topic))
    expect([sequences(kept), gaps]).toEqual([[0, 1, 2], []])
    await bus.close()
  }, 60_000)
})

describe('a send that nobody waits for any more', () => {
  test('may be written late: a reader that keeps the contract sees nothing of it', async () => {
    const { bus, topic } = await openBus(1)
    const next = createMessages(topic, 1, 200)
    await bus.publish(next(2))
    const request = proxy.holdRequest()
    const window = next(3)
    const first = bus.publish(window)
    await request.held
    await publishUntilSure({ publish: async () => await first }, window)
    await bus.publish(next(2))
    request.release()
    await expect.poll(async () => (await readBack(kafka.brokers, topic)).length, { timeout: 10_000 }).toBe(10)
    const { kept, repeated, gaps } = consume(await readBack(kafka.brokers, topic))
    expect([sequences(kept), repeated, gaps]).toEqual([[0, 1, 2, 3, 4, 5, 6], 3, []])
    await bus.close()
  }, 60_000)
})

describe('a bus without anything to do', () => {
  test('rests: kafkajs alone would wake up a thousand times a second and connection', async () => {
    const timers = vi.spyOn(globalThis, 'setTimeout')
    const { bus, topic } = await openBus(6)
    await bus.publish(createMessages(topic, 6, 200)(6))
    await sleep(500)
    const [from, before] = [performance.now(), process.cpuUsage()]
    await sleep(3_000)
    const { user, system } = process.cpuUsage(before)
    expect((user + system) / 1_000 / (performance.now() - from)).toBeLessThan(0.03)
    // A delay below nothing is what Node from 22 on warns of.
    const delays = timers.mock.calls.map(([, ms]) => ms ?? 0)
    expect(delays.length).toBeGreaterThan(0)
    expect(delays.filter((ms) => !(ms >= 0))).toEqual([])
    timers.mockRestore()
    await bus.close()
  })
})

describe('brokers that are away', () => {
  test('at start: the bus opens all the same, says so, refuses messages, and takes them when they are back', async () => {
    const { bus: other, topic } = await openBus(3)
    await other.close()
    const next = createMessages(topic, 3, 200)
    await kafka.kill()
    const troubles: unknown[] = []
    const bus = createKafkaBus(settingsFor([topic], 3), (error) => troubles.push(error))
    const window = next(30)
    await expect(bus.publish(window)).rejects.toThrow()
    expect(troubles.length).toBe(1)
    await kafka.start()
    await publishUntilSure(bus, window)
    const { kept, gaps } = consume(await readBack(kafka.brokers, topic))
    expect([kept.length, gaps]).toEqual([30, []])
    await bus.close()
  }, 120_000)
})
