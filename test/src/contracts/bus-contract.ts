import type { Bus, BusMessage } from '@socle/gateway'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

/** A bus and the means to read what goes over it. */
export interface OpenBus {
  readonly bus: Bus
  /** Two topics of which nothing has been read yet. */
  readonly topics: readonly [string, string]
  /** Grows as messages come; they are there from now on at the latest. */
  readonly listen: (topic: string) => Promise<readonly BusMessage[]>
  close(): Promise<void>
}

export function messagesOn(topic: string, from: number, to: number): BusMessage[] {
  return Array.from({ length: to - from }, (_, i) => {
    const sequence = from + i
    return {
      topic,
      key: `consultation-${sequence % 3}`,
      partition: 0,
      sequence,
      previous: sequence - 1,
      leaf: 'ab'.repeat(32),
      attributes: { specversion: '1.0', id: `document-${sequence}`, datacontenttype: 'application/json' },
      data: Buffer.from(`{"n":${sequence},"objet":"élagage"}`),
    }
  })
}

/** What every Bus adapter must do: at least once, in order per key, and a rejection whenever that is in doubt. */
export function busContract(name: string, open: () => Promise<OpenBus>): void {
  describe(`the bus contract: ${name}`, () => {
    let opened: OpenBus
    beforeEach(async () => {
      opened = await open()
    })
    afterEach(async () => await opened.close())

    const withKey = (received: readonly BusMessage[], key: string): number[] =>
      received.filter((message) => message.key === key).map(({ sequence }) => sequence)

    test('every message arrives whole, and in order within its key', async () => {
      const { bus, topics, listen } = opened
      const received = await listen(topics[0])
      await bus.publish(messagesOn(topics[0], 0, 12))
      await bus.publish(messagesOn(topics[0], 12, 20))
      await vi.waitFor(() => expect(received.length).toBe(20), 10_000)
      const sent = messagesOn(topics[0], 0, 20)
      for (const key of ['consultation-0', 'consultation-1', 'consultation-2'])
        expect(withKey(received, key)).toEqual(withKey(sent, key))
      for (const message of received) {
        const { data, ...rest } = sent[message.sequence] ?? message
        expect(message).toMatchObject(rest)
        expect(Buffer.from(message.data).toString('utf8')).toBe(Buffer.from(data).toString('utf8'))
      }
    })

    test('two readers each receive everything of their topic and nothing of another', async () => {
      const { bus, topics, listen } = opened
      const [one, two, elsewhere] = await Promise.all([listen(topics[0]), listen(topics[0]), listen(topics[1])])
      await bus.publish([...messagesOn(topics[0], 0, 3), ...messagesOn(topics[1], 3, 5)])
      await vi.waitFor(() => expect(elsewhere.map(({ sequence }) => sequence)).toEqual([3, 4]), 10_000)
      await vi.waitFor(() => expect([one.length, two.length]).toEqual([3, 3]), 10_000)
    })

    test('what is given again comes again, with the same number', async () => {
      const { bus, topics, listen } = opened
      const received = await listen(topics[0])
      await bus.publish(messagesOn(topics[0], 0, 2))
      await bus.publish(messagesOn(topics[0], 1, 3))
      await vi.waitFor(() => expect(received.map(({ sequence }) => sequence)).toEqual([0, 1, 1, 2]), 10_000)
    })

    test('a topic that somebody reads is known as such, and nothing is something that can be published', async () => {
      const { bus, topics, listen } = opened
      await listen(topics[0])
      expect(bus.hasReaders(topics[0])).toBe(true)
      await bus.publish([])
    })
  })
}
