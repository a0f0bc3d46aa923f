import type { Message, ProducerRecord, RecordMetadata } from 'kafkajs'
import type { KafkaSettings } from '../config-servers.ts'
import { linkKafka, oneRetry } from './kafka-client.ts'
import type { Seeds } from './kafka-seeds.ts'

/** One connection to each broker. What it may be used for, and when it must be dropped, is said in `bus-kafka.ts`. */
export interface OpenProducer {
  /** kafkajs opens again by itself what a broker closed for idleness. */
  send(record: ProducerRecord): Promise<readonly RecordMetadata[]>
  /** Lets what is under way end. Never rejects. */
  close(): Promise<void>
  /** Destroys its connections at once; it opens no other. */
  drop(): void
}

export function openProducer(settings: KafkaSettings, seeds: Seeds): OpenProducer {
  const seed = seeds.current()
  const { kafka, cut } = linkKafka({ ...settings, brokers: [seed] })
  const producer = kafka.producer({
    allowAutoTopicCreation: false,
    idempotent: false,
    retry: { ...oneRetry },
    createPartitioner: () => partitionOf,
  })
  const connected = producer.connect()
  // Whoever sends hears of it.
  connected.catch(() => undefined)
  let hasAnswered = false
  const disconnect = async (): Promise<void> => await producer.disconnect().catch(() => undefined)
  return {
    async send(record) {
      await connected
      const results = await producer.send(record)
      hasAnswered = true
      return results
    },
    close: disconnect,
    drop() {
      // Of a broker that takes connections and answers nothing, kafkajs says that it is connected.
      if (!hasAnswered) seeds.pass(seed)
      cut()
      // Frees its timers.
      void disconnect()
    },
  }
}

function partitionOf({ message }: { readonly message: Message }): number {
  if (message.partition === undefined) throw new Error('a message without a partition')
  return message.partition
}
