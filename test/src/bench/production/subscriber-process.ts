import kafkajs from 'kafkajs'
import { benchTopic } from './topic.ts'

/**
 * A subscriber that only counts: how long after its acceptance (`ce_time`, same clock) each event was in its hands. Told
 * `reset` it starts over, asked `stats` it tells.
 */
const brokers = (process.env['HUB_KAFKA_BROKERS'] ?? '').split(',')
const kafka = new kafkajs.Kafka({ clientId: 'bench-subscriber', brokers, logLevel: kafkajs.logLevel.NOTHING })
const consumer = kafka.consumer({ groupId: `bench-${process.pid}`, maxWaitTimeInMs: 5 })
let latencies: number[] = []

await consumer.connect()
await consumer.subscribe({ topic: benchTopic })
const joined = new Promise<void>((resolve) => void consumer.on(consumer.events.GROUP_JOIN, () => resolve()))
await consumer.run({
  autoCommit: false,
  eachBatch: async ({ batch: { messages } }) => {
    const now = Date.now()
    for (const { headers } of messages) latencies.push(now - Date.parse(String(headers?.['ce_time'])))
    await Promise.resolve()
  },
})
await joined
process.send?.({ port: 0, token: '' })

process.on('disconnect', () => process.exit(1))
process.on('message', (message) => {
  if (message === 'stop') void consumer.disconnect().finally(() => process.exit(0))
  if (message === 'reset') latencies = []
  if (message !== 'stats') return
  const sorted = latencies.toSorted((a, b) => a - b)
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  process.send?.({ received: sorted.length, p50Ms: at(0.5), p99Ms: at(0.99) })
})
