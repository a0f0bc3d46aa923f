import { createMemoryBus } from '@socle/gateway'
import { describe, expect, test } from 'vitest'
import { busContract } from './bus-contract.ts'

busContract('in process', async () => await Promise.resolve(createMemoryBus()))

describe('the bus in this process', () => {
  const topic = 'tncp.sandbox.awards.v1'
  const message = (sequence: number) => ({ topic, key: 'consultation-1', sequence, event: Buffer.from('{}') })

  test('a subscriber that fails makes the publication fail, at the message that failed', async () => {
    const bus = createMemoryBus()
    const received: number[] = []
    let broken = true
    bus.subscribe(topic, async ({ sequence }) => {
      if (broken && sequence === 1) throw new Error('the subscriber is down')
      received.push(sequence)
      await Promise.resolve()
    })
    await expect(bus.publish([message(0), message(1), message(2)])).rejects.toThrow('the subscriber is down')
    expect(received).toEqual([0])
    broken = false
    await bus.publish([message(0), message(1), message(2)])
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
    await bus.publish([message(0), message(1), message(2)])
    expect(done).toBe(3)
  })

  test('says that nobody reads before the first subscription, after the last, and once closed', async () => {
    const bus = createMemoryBus()
    expect(bus.hasReaders(topic)).toBe(false)
    await bus.publish([message(0)])
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
