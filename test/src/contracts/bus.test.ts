import { type BusMessage, createMemoryBus } from '@socle/gateway'
import { describe, expect, test } from 'vitest'
import { busContract, messagesOn } from './bus-contract.ts'

busContract('in process', async () => {
  const bus = createMemoryBus()
  return await Promise.resolve({
    bus,
    topics: ['tncp.sandbox.awards.v1', 'tncp.sandbox.notices.v1'],
    async listen(topic) {
      const received: BusMessage[] = []
      bus.subscribe(topic, async (message) => {
        await Promise.resolve()
        received.push(message)
      })
      return await Promise.resolve(received)
    },
    close: async () => await bus.close(),
  })
})

describe('the bus in this process', () => {
  const topic = 'tncp.sandbox.awards.v1'

  test('a subscriber that fails makes the publication fail, at the message that failed', async () => {
    const bus = createMemoryBus()
    const received: number[] = []
    let broken = true
    bus.subscribe(topic, async ({ sequence }) => {
      if (broken && sequence === 1) throw new Error('the subscriber is down')
      received.push(sequence)
      await Promise.resolve()
    })
    await expect(bus.publish(messagesOn(topic, 0, 3))).rejects.toThrow('the subscriber is down')
    expect(received).toEqual([0])
    broken = false
    await bus.publish(messagesOn(topic, 0, 3))
    expect(received).toEqual([0, 0, 1, 2])
  })

  test('resolves only when the subscriber is done, one message at a time', async () => {
    const bus = createMemoryBus()
    let underWay = 0
    let done = 0
    bus.subscribe(topic, async () => {
      expect(++underWay).toBe(1)
      await new Promise((resolve) => setTimeout(resolve, 2))
      underWay--
      done++
    })
    await bus.publish(messagesOn(topic, 0, 3))
    expect(done).toBe(3)
  })

  test('says that nobody reads before the first subscription, after the last, and once closed', async () => {
    const bus = createMemoryBus()
    expect(bus.hasReaders(topic)).toBe(false)
    await bus.publish(messagesOn(topic, 0, 1))
    const subscription = bus.subscribe(topic, async () => await Promise.resolve())
    expect(bus.hasReaders(topic)).toBe(true)
    expect(bus.hasReaders('tncp.sandbox.notices.v1')).toBe(false)
    subscription.close()
    expect(bus.hasReaders(topic)).toBe(false)
    bus.subscribe(topic, async () => await Promise.resolve())
    await bus.close()
    expect(bus.hasReaders(topic)).toBe(false)
  })
})
