import type { Bus, BusMessage } from '../ports.ts'

/** Its readers are in this process; those of Kafka never are. */
export interface MemoryBus extends Bus {
  subscribe(topic: string, receive: Receive): { close(): void }
}

type Receive = (message: BusMessage) => Promise<void>

/**
 * The embedded bus: subscribers of the same process, told in order, one message at a time. It keeps nothing: the ledger
 * is the outbox. A subscriber that throws makes `publish` reject, so the relay comes back with the same messages.
 */
export function createMemoryBus(): MemoryBus {
  const topics = new Map<string, Set<Receive>>()
  return {
    partitions: 1,
    hasReaders: (topic) => (topics.get(topic)?.size ?? 0) > 0,
    async publish(messages) {
      for (const message of messages) {
        for (const receive of topics.get(message.topic) ?? []) await receive(message)
      }
    },
    tails: async () => await Promise.resolve([]),
    subscribe(topic, receive) {
      const readers = topics.get(topic) ?? new Set()
      topics.set(topic, readers.add(receive))
      return { close: () => void readers.delete(receive) }
    },
    async close() {
      topics.clear()
    },
  }
}
