import { setTimeout as sleep } from 'node:timers/promises'
import { createKafkaBus } from '@socle/gateway'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type KafkaCluster, startKafka } from '../servers/kafka.ts'
import { type KafkaProxy, startProxy } from './kafka-proxy.ts'
import { consume, createMessages, createTopic, publishUntilSure, readBack } from './kafka-records.ts'

/** One real broker behind a proxy that can hold a request. */
let proxy: KafkaProxy
let kafka: KafkaCluster
beforeAll(async () => {
  proxy = await startProxy()
  kafka = await startKafka({ nodes: 1, advertise: [proxy.port], onPorts: ([port = 0]) => (proxy.target = port) })
}, 120_000)
afterAll(async () => {
  await kafka.stop()
  proxy.close()
})

/** Long enough for a second send to be written, short enough for the bus still to wait for the first. */
const lookMs = 1_500

test('a send is followed by no other on its partition until it is answered', async () => {
  const topic = await createTopic(kafka.brokers, 1)
  const plain = { tls: false, caFile: undefined, sasl: undefined }
  const settings = { brokers: kafka.brokers, ...plain, partitions: 1, replication: 1, minInSync: 1, topics: [topic] }
  const bus = createKafkaBus(settings, () => undefined)
  // So large that each goes alone: one window is six sends.
  const next = createMessages(topic, 1, 400_000)
  await bus.publish(next(1))
  const request = proxy.holdRequest()
  const window = next(6)
  const publishing = bus.publish(window)
  publishing.catch(() => undefined)
  await request.held
  await sleep(lookMs)
  const meanwhile = (await readBack(kafka.brokers, topic)).map(({ sequence }) => sequence)
  expect(meanwhile, 'written while the first send of the window waits').toEqual([0])
  request.release()
  await publishUntilSure({ publish: async (messages) => await publishing.catch(() => bus.publish(messages)) }, window)
  const { kept, gaps } = consume(await readBack(kafka.brokers, topic))
  expect([kept.map(({ sequence }) => sequence), gaps]).toEqual([[0, 1, 2, 3, 4, 5, 6], []])
  await bus.close()
}, 60_000)
