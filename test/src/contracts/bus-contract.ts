import type { Bus, BusMessage } from '@socle/gateway'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

const topic = 'tncp.sandbox.awards.v1'

function messages(from: number, to: number, onTopic: string = topic): BusMessage[] {
  return Array.from({ length: to - from }, (_, i) => {
    const sequence = from + i
    return { topic: onTopic, key: `consultation-${sequence % 3}`, sequence, event: Buffer.from(`{"n":${sequence}}`) }
  })
}

/** What every Bus adapter must do: at least once, in order per key, and a rejection whenever that is in doubt. */
export function busContract(name: string, open: () => Promise<Bus>): void {
  describe(`the bus contract: ${name}`, () => {
    let bus: Bus
    beforeEach(async () => {
      bus = await open()
    })
    afterEach(async () => await bus.close())

    function listen(onTopic: string = topic): BusMessage[] {
      const received: BusMessage[] = []
      bus.subscribe(onTopic, async (message) => {
        await Promise.resolve()
        received.push(message)
      })
      return received
    }

    const withKey = (received: readonly BusMessage[], key: string): number[] =>
      received.filter((message) => message.key === key).map(({ sequence }) => sequence)

    test('every message arrives whole, and in order within its key', async () => {
      const received = listen()
      await bus.publish(messages(0, 12))
      await bus.publish(messages(12, 20))
      await vi.waitFor(() => expect(received.length).toBe(20))
      for (const key of ['consultation-0', 'consultation-1', 'consultation-2'])
        expect(withKey(received, key)).toEqual(withKey(messages(0, 20), key))
      expect(Buffer.from(received[0]?.event ?? []).toString()).toMatch(/^\{"n":\d+\}$/)
    })

    test('two subscribers each receive everything of their topic and nothing of another', async () => {
      const [one, two, elsewhere] = [listen(), listen(), listen('tncp.sandbox.notices.v1')]
      await bus.publish([...messages(0, 3), ...messages(3, 5, 'tncp.sandbox.notices.v1')])
      await vi.waitFor(() => expect(elsewhere.length).toBe(2))
      await vi.waitFor(() => expect([one.length, two.length]).toEqual([3, 3]))
    })

    test('a topic that somebody reads is known as such', async () => {
      listen()
      expect(bus.hasReaders(topic)).toBe(true)
    })
  })
}
