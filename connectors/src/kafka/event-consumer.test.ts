import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { HubEvent } from '../kit/hub-event.ts'
import { aChain, aRecord, topic } from '../testing/records.ts'
import { type ScriptedSource, scriptSource } from '../testing/scripted-source.ts'
import { createEventConsumer, type EventConsumer, type EventConsumerSettings } from './event-consumer.ts'
import type { Trouble } from './trouble.ts'

let directory: string
let source: ScriptedSource
let handled: number[]
let troubles: Trouble[]
const place = { topic, partition: 0 }

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'socle-consumer-'))
  source = scriptSource()
  handled = []
  troubles = []
})
afterEach(async () => await rm(directory, { recursive: true, force: true }))

const quick = { firstWaitMs: 1, longestWaitMs: 2, parkFirstMs: 100_000, parkLongestMs: 100_000, commitEveryMs: 5 }

async function start(more: Partial<EventConsumerSettings> = {}): Promise<EventConsumer> {
  return await createEventConsumer({
    brokers: [],
    groupId: 'gestion-c',
    topics: [topic],
    directory,
    handle: async ({ hubseq }) => void handled.push(hubseq),
    onTrouble: (trouble) => void troubles.push(trouble),
    open: source.open,
    ...more,
    limits: { ...quick, ...more.limits },
  })
}

const until = async (check: () => void): Promise<void> => await vi.waitFor(check, { timeout: 5_000, interval: 5 })
const failing =
  (...numbers: readonly number[]) =>
  async ({ hubseq }: HubEvent): Promise<void> => {
    if (numbers.includes(hubseq)) throw new Error(`no ${hubseq}`)
    handled.push(hubseq)
  }

describe('a consumer', () => {
  test('handles each event once, whatever the hub sends again, and tells the broker how far it is', async () => {
    source.write(
      ...[...aChain([1, 4, 6]), aRecord(4, 1), aRecord(6, 4), aRecord(8, 6)].map((r, offset) => ({ ...r, offset })),
    )
    await using consumer = await start()
    await until(() => expect(source.committed.get(0)).toBe(6))
    expect(handled).toEqual([1, 4, 6, 8])
    expect(consumer.partitions()).toEqual([{ ...place, state: 'idle', next: 6, last: 8 }])
    expect(troubles).toEqual([])
  })

  test('goes on after a restart where its own files say, and repeats what was not finished', async () => {
    source.write(...aChain([1, 2, 3]))
    {
      await using consumer = await start({ handle: failing(3), limits: { handlerTries: 1_000, firstWaitMs: 10 } })
      await until(() => expect(consumer.partitions()[0]?.next).toBe(2))
    }
    expect(handled).toEqual([1, 2])
    await using again = await start()
    await until(() => expect(handled).toEqual([1, 2, 3]))
    await until(() => expect(again.partitions()[0]?.next).toBe(3))
  })

  test('keeps a consultation in order and to one handler, over partitions and rebalances', async () => {
    let running = 0
    let most = 0
    source.write(
      ...aChain([1, 3]),
      ...[aRecord(2, -1, { offset: 0 }), aRecord(4, 2, { offset: 1 })].map((r) => ({ ...r, partition: 1 })),
    )
    await using consumer = await start({
      async handle({ hubseq }) {
        most = Math.max(most, (running += 1))
        source.rejoin()
        await new Promise((resolve) => setTimeout(resolve, 10))
        handled.push(hubseq)
        running -= 1
      },
    })
    await until(() => expect(handled.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4]))
    expect(most).toBe(1)
    expect(consumer.parked()).toEqual([])
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(handled).toHaveLength(4)
  })

  test('that is told to stop lets the handler end and keeps what it did', async () => {
    source.write(...aChain([1, 2]))
    let began = (): void => undefined
    const beginning = new Promise<void>((resolve) => (began = resolve))
    const consumer = await start({
      async handle({ hubseq }) {
        began()
        await new Promise((resolve) => setTimeout(resolve, 30))
        handled.push(hubseq)
      },
    })
    await beginning
    await consumer[Symbol.asyncDispose]()
    expect(handled).toEqual([1])
    expect(consumer.partitions()[0]).toMatchObject({ next: 1, last: 1 })
    expect(source.committed.get(0)).toBe(1)
  })
})

describe('a missing record', () => {
  test('stops its partition alone, until the loss is accepted', async () => {
    source.write(...aChain([1]), aRecord(7, 5, { offset: 1 }), aRecord(8, 7, { offset: 2 }))
    source.write(...aChain([2, 3]).map((record) => ({ ...record, partition: 1 })))
    await using consumer = await start()
    await until(() => expect(handled.toSorted((a, b) => a - b)).toEqual([1, 2, 3]))
    await until(() => expect(consumer.partitions()[0]?.state).toBe('loss'))
    expect(troubles).toEqual([{ kind: 'loss', ...place, offset: 1, sequence: 7, expected: 1, previous: 5 }])
    source.rejoin()
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(handled).toHaveLength(3)
    await consumer.acceptLoss(place)
    await until(() => expect(handled.slice(3)).toEqual([7, 8]))
    await expect(consumer.acceptLoss(place)).rejects.toThrow(/no loss to accept/)
  })

  test('may be accepted by whoever is told, at once', async () => {
    source.write(...aChain([1]), aRecord(7, 5, { offset: 1 }))
    const accepted: Promise<void>[] = []
    const consumer: EventConsumer = await start({
      onTrouble: ({ kind }) => void (kind === 'loss' && accepted.push(consumer.acceptLoss(place))),
    })
    await until(() => expect(handled).toEqual([1, 7]))
    expect(await Promise.all(accepted)).toEqual([undefined])
    await consumer[Symbol.asyncDispose]()
  })

  test('is still missing after a restart', async () => {
    source.write(...aChain([1]), aRecord(7, 5, { offset: 1 }))
    for (const times of [1, 2]) {
      await using consumer = await start()
      await until(() => expect(troubles.filter(({ kind }) => kind === 'loss')).toHaveLength(times))
      await until(() => expect(consumer.partitions()[0]).toMatchObject({ next: 1, last: 1, state: 'loss' }))
    }
    expect(handled).toEqual([1])
  })

  test('may be passed by from a chosen point on, which is no loss again', async () => {
    source.write(
      ...aChain([1]),
      aRecord(7, 5, { offset: 1 }),
      aRecord(8, 7, { offset: 2 }),
      aRecord(9, 8, { offset: 3 }),
    )
    await using consumer = await start()
    await until(() => expect(consumer.partitions()[0]?.state).toBe('loss'))
    await consumer.acceptLoss(place, 2)
    await until(() => expect(handled).toEqual([1, 8, 9]))
    expect(troubles).toHaveLength(1)
  })

  test('that only this client skipped is fetched by a second look', async () => {
    source.write(...aChain([1, 2, 3]))
    let skipped = 0
    await using consumer = await start({
      open: (settings) =>
        source.open({
          ...settings,
          async receive(from, records) {
            const left = skipped === 0 ? records.filter(({ offset }) => offset !== 1) : records
            skipped += records.length - left.length
            await settings.receive(from, left)
          },
        }),
    })
    await until(() => expect(handled).toEqual([1, 2, 3]))
    expect(skipped).toBe(1)
    expect(troubles).toEqual([])
    await until(() => expect(consumer.partitions()[0]?.state).toBe('idle'))
  })

  test('is not what offsets that begin again mean: in a topic made again the chain goes on', async () => {
    source.write(...aChain([1, 2, 3, 4, 6, 7]))
    await using consumer = await start({
      open: (settings) =>
        source.open({
          ...settings,
          // From number 4 on the broker counts from 0, as after it was told to forget the topic.
          async receive(from, records) {
            const fresh = records.map((record) => ({
              ...record,
              offset: record.offset < 3 ? record.offset : record.offset - 3,
            }))
            await settings.receive(from, fresh)
          },
        }),
    })
    await until(() => expect(consumer.partitions()[0]).toMatchObject({ next: 3, last: 7 }))
    expect(handled).toEqual([1, 2, 3, 4, 6, 7])
    expect(troubles).toEqual([])
  })

  test('and a record of nobody knows whom stop the partition; accepted, the chain goes on behind it', async () => {
    const strange = { ...aRecord(2, 1, { offset: 1 }), headers: {} }
    source.write(...aChain([1]), strange, aRecord(3, 1, { offset: 2 }), aRecord(9, 8, { offset: 3 }))
    await using consumer = await start()
    await until(() => expect(consumer.partitions()[0]?.state).toBe('foreign'))
    await consumer.acceptLoss(place)
    await until(() => expect(consumer.partitions()[0]?.state).toBe('loss'))
    expect(handled).toEqual([1, 3])
    expect(troubles.map(({ kind }) => kind)).toEqual(['foreign', 'loss'])
  })
})

describe('a consultation that cannot be handled', () => {
  const ofTwo = (n: number): string => (n % 2 === 1 ? 'ODD' : 'EVEN')

  test('is parked with what follows in it, in order, while the others go on; it comes back in order', async () => {
    source.write(...aChain([1, 2, 3, 4], ofTwo))
    let healthy = false
    const handle = async (event: HubEvent): Promise<void> => await failing(...(healthy ? [] : [1]))(event)
    {
      await using consumer = await start({ handle })
      await until(() => expect(consumer.parked()).toHaveLength(2))
      await until(() => expect(handled).toEqual([2, 4]))
      expect(troubles).toEqual([{ kind: 'parked', ...place, offset: 0, consultation: 'ODD', reason: 'no 1' }])
      expect(await consumer.retryParked('ODD')).toBe(false)
    }
    healthy = true
    await using consumer = await start({ handle })
    // At once after a restart, by the loop.
    await until(() => expect(consumer.parked()).toEqual([]))
    expect(handled).toEqual([2, 4, 1, 3])
    expect(await consumer.retryParked('ODD')).toBe(true)
  })

  test('is tried as often as the limit says before it is parked', async () => {
    source.write(...aChain([1]))
    let tries = 0
    await using consumer = await start({
      limits: { handlerTries: 4 },
      async handle() {
        tries += 1
        throw new Error('no')
      },
    })
    await until(() => expect(consumer.parked()).toHaveLength(1))
    expect(tries).toBe(4)
  })

  test('is parked at once when its record cannot be read; an operator may give it up', async () => {
    source.write(aRecord(1, -1, { value: 'no JSON' }), aRecord(2, 1), aRecord(3, 2, { consultation: 'OTHER' }))
    await using consumer = await start()
    source.rejoin()
    await until(() => expect(consumer.parked()).toHaveLength(2))
    await until(() => expect(handled).toEqual([3]))
    expect(consumer.parked()[0]?.reason).toMatch(/not a JSON object/)
    await consumer.discardParked('C-1')
    expect(await consumer.retryParked('C-1')).toBe(true)
    expect(handled).toEqual([3, 2])
  })

  test('stops the partition when the park is full; nothing is dropped, and it goes on when there is room', async () => {
    source.write(...aChain([1, 3, 5], () => 'ODD'), aRecord(6, 5, { offset: 3, consultation: 'EVEN' }))
    let healthy = false
    await using consumer = await start({
      limits: { parkedEvents: 2 },
      handle: async (event) => await failing(...(healthy ? [] : [1]))(event),
    })
    await until(() => expect(consumer.partitions()[0]?.state).toBe('park-full'))
    expect(troubles.at(-1)).toEqual({ kind: 'park-full', ...place, offset: 2, consultation: 'ODD' })
    healthy = true
    expect(await consumer.retryParked('ODD')).toBe(true)
    await until(() => expect(handled).toEqual([1, 3, 5, 6]))
  })
})
