import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import {
  createEventConsumer,
  type EventConsumer,
  type EventConsumerSettings,
  type HubEvent,
  parseEvent,
  type Trouble,
} from '@socle/connectors'
import { type Admin, Kafka, logLevel, type Message, type Producer } from 'kafkajs'
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { consultation, notice } from '../flow/documents.ts'
import { join as enrol } from '../flow/party.ts'
import { type KafkaCluster, startKafka } from '../servers/kafka.ts'
import { anAward, buyerSiret } from '../support/award.ts'
import { startHub } from '../support/hub.ts'
import { chainOf, hubRecord } from './hub-records.ts'

let kafka: KafkaCluster
let admin: Admin
let producer: Producer
let root: string
let topic: string
let directory: string
let handled: number[]
let troubles: Trouble[]
let made = 0

beforeAll(async () => {
  kafka = await startKafka({ nodes: 1 })
  const client = new Kafka({ brokers: [...kafka.brokers], logLevel: logLevel.NOTHING })
  admin = client.admin()
  producer = client.producer()
  await Promise.all([admin.connect(), producer.connect()])
  root = mkdtempSync(join(tmpdir(), 'socle-consumer-'))
  // A new broker first loads its coordinator of groups; a consumer that comes earlier says, rightly, that it is told so.
  await vi.waitFor(async () => await admin.fetchOffsets({ groupId: 'first', topics: [] }), {
    timeout: 60_000,
    interval: 500,
  })
}, 120_000)
afterAll(async () => {
  await Promise.all([admin.disconnect(), producer.disconnect()])
  await kafka[Symbol.asyncDispose]()
  rmSync(root, { recursive: true, force: true })
}, 60_000)

beforeEach(async () => {
  made += 1
  topic = `tncp.sandbox.awards-${made}.v1`
  directory = join(root, String(made))
  handled = []
  troubles = []
  await admin.createTopics({ topics: [{ topic, numPartitions: 3, replicationFactor: 1 }], waitForLeaders: true })
})

async function send(partition: number, ...messages: readonly Message[]): Promise<void> {
  await producer.send({ topic, acks: -1, messages: messages.map((message) => ({ ...message, partition })) })
}

async function consume(more: Partial<EventConsumerSettings> = {}): Promise<EventConsumer> {
  return await createEventConsumer({
    brokers: kafka.brokers,
    groupId: `group-${made}`,
    topics: [topic],
    directory,
    handle: async ({ hubseq }) => void handled.push(hubseq),
    onTrouble: (trouble) => void troubles.push(trouble),
    ...more,
    limits: {
      sessionMs: 2_000,
      fetchWaitMs: 100,
      firstWaitMs: 5,
      commitEveryMs: 200,
      reconnectMs: 1_000,
      ...more.limits,
    },
  })
}

const until = async (check: () => void | Promise<void>, timeout = 20_000): Promise<void> =>
  await vi.waitFor(check, { timeout, interval: 50 })
const inOrder = (numbers: readonly number[]): number[] => numbers.toSorted((a, b) => a - b)
const stateOf = (consumer: EventConsumer, partition: number): string | undefined =>
  consumer.partitions().find((one) => one.partition === partition)?.state

describe('on a real broker, a consumer', () => {
  test('handles repetitions once, keeps its own progress whatever was committed, and tells it for the lag', async () => {
    await send(0, ...chainOf(0, 5, 'A'), ...chainOf(2, 5, 'A'), ...chainOf(6, 9, 'A'))
    await send(1, ...chainOf(0, 2, 'B'))
    const groupId = `group-${made}`
    {
      await using consumer = await consume({ groupId })
      await until(() => expect(handled).toHaveLength(13))
      expect(handled.filter((n) => n > 2)).toEqual([3, 4, 5, 6, 7, 8, 9])
      await until(async () => {
        const [of] = await admin.fetchOffsets({ groupId, topics: [topic] })
        expect(inOrder(of?.partitions.map(({ offset }) => Number(offset)) ?? [])).toEqual([0, 3, 14])
      })
      expect(stateOf(consumer, 0)).toBe('idle')
    }
    // Somebody resets the group to the start: progress is not theirs to move.
    await admin.setOffsets({ groupId, topic, partitions: [0, 1, 2].map((partition) => ({ partition, offset: '0' })) })
    await send(
      2,
      ...chainOf(20, 20, 'C').map((message) => ({ ...message, headers: { ...message.headers, 'hub-prev': '-1' } })),
    )
    await using again = await consume({ groupId })
    await until(() => expect(handled.at(-1)).toBe(20))
    expect(again.parked()).toEqual([])
    await pause(500)
    expect(handled).toHaveLength(14)
    expect(troubles).toEqual([])
  })

  test('stops the partition in which a record is missing, goes on with the others, and on with it once accepted', async () => {
    await send(0, ...chainOf(0, 2, 'A'), ...chainOf(4, 6, 'A'))
    await send(1, ...chainOf(0, 9, 'B'))
    await using consumer = await consume()
    await until(() => expect(stateOf(consumer, 0)).toBe('loss'))
    await until(() => expect(handled).toHaveLength(13))
    expect(troubles).toEqual([{ kind: 'loss', topic, partition: 0, offset: 3, sequence: 4, expected: 2, previous: 3 }])
    await send(1, ...chainOf(10, 11, 'B'))
    await until(() => expect(handled).toHaveLength(15))
    await consumer.acceptLoss({ topic, partition: 0 })
    await until(() => expect(handled.slice(15)).toEqual([4, 5, 6]))
  })

  test('parks a consultation that cannot be handled or read, goes on with the others, and takes it up in order', async () => {
    const consultations = ['ILL', 'WELL', 'ILL', 'WELL']
    const mixed = consultations.map((consultation, sequence) =>
      hubRecord({ sequence, previous: sequence - 1, consultation }),
    )
    await send(0, ...mixed, hubRecord({ sequence: 4, previous: 3, consultation: 'UNREADABLE' }, 'no JSON'))
    let healthy = false
    await using consumer = await consume({
      async handle({ hubseq, consultation }) {
        if (consultation === 'ILL' && !healthy) throw new Error('the archive refuses')
        handled.push(hubseq)
      },
    })
    await until(() => expect(consumer.parked()).toHaveLength(3))
    expect(handled).toEqual([1, 3])
    expect(troubles.map(({ kind }) => kind)).toEqual(['parked', 'parked'])
    healthy = true
    expect(await consumer.retryParked('ILL')).toBe(true)
    expect(handled).toEqual([1, 3, 0, 2])
    expect(await consumer.retryParked('UNREADABLE')).toBe(false)
    await consumer.discardParked('UNREADABLE')
    expect(consumer.parked()).toEqual([])
  })

  test('is not held up by a handler that takes longer than its session', async () => {
    await send(0, ...chainOf(0, 1, 'SLOW'))
    await send(1, ...chainOf(0, 0, 'QUICK'))
    await using consumer = await consume({
      async handle({ consultation, hubseq }) {
        if (consultation === 'SLOW') await pause(3_500)
        handled.push(consultation === 'SLOW' ? hubseq : 100 + hubseq)
      },
    })
    await until(() => expect(handled).toEqual([100]))
    await send(1, ...chainOf(1, 1, 'QUICK'))
    await until(() => expect(handled).toEqual([100, 101]), 3_000)
    await until(() => expect(handled).toEqual([100, 101, 0, 1]))
    expect([troubles, consumer.parked()]).toEqual([[], []])
  })

  test('shares a topic with another by lists of partitions, and says so when two use one group', async () => {
    for (const partition of [0, 1, 2]) await send(partition, ...chainOf(partition * 10, partition * 10, 'X'))
    const other: number[] = []
    const otherHandle = async ({ hubseq }: { readonly hubseq: number }): Promise<void> => void other.push(hubseq)
    await using one = await consume({ partitions: [0, 2] })
    await using two = await consume({
      partitions: [1],
      groupId: `other-${made}`,
      directory: `${directory}-other`,
      handle: otherHandle,
    })
    await until(() => expect([inOrder(handled), other]).toEqual([[0, 20], [10]]))
    expect([one.partitions().length, two.partitions().length, troubles.length]).toEqual([2, 1, 0])
    await using mistake = await consume({ partitions: [0, 2], directory: `${directory}-mistake`, handle: otherHandle })
    await until(() => expect(troubles.map(({ kind }) => kind)).toContain('group-shared'))
    await pause(500)
    expect(other).toEqual([10])
    expect(mistake.partitions()).toEqual([])
  })

  test('rests when there is nothing to do', async () => {
    await send(0, ...chainOf(0, 0, 'A'))
    await using consumer = await consume({ limits: { fetchWaitMs: 500 } })
    await until(() => expect(stateOf(consumer, 0)).toBe('idle'))
    await until(() => expect(handled).toEqual([0]))
    const timers = vi.spyOn(globalThis, 'setTimeout')
    const before = process.cpuUsage()
    await pause(5_000)
    const { user, system } = process.cpuUsage(before)
    process.stdout.write(
      `idle for 5 s: ${Math.round((user + system) / 1_000)} ms of CPU, ${timers.mock.calls.length} timers\n`,
    )
    // Two fetches a second and a heartbeat now and then; kafkajs by itself sets a timer a millisecond and connection.
    expect(timers.mock.calls.length).toBeLessThan(500)
    timers.mockRestore()
  })
})

describe('what is killed', () => {
  test('the consumer, between effect and progress: the event comes again, nothing else does', async () => {
    await send(0, ...chainOf(0, 9, 'A'))
    const effects = `${directory}.effects`
    const lines = (): string[] => (existsSync(effects) ? readFileSync(effects, 'utf8').trim().split('\n') : [])
    for (const stopAt of [4, -1]) {
      const child = startChild({ brokers: kafka.brokers, directory, topic, effects, stopAt })
      await until(() => expect(lines().at(-1)).toBe(stopAt === -1 ? '9' : String(stopAt)))
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
    expect(lines()).toEqual(['0', '1', '2', '3', '4', '4', '5', '6', '7', '8', '9'])
  })

  test('the broker: the consumer says that it is away, and goes on where it was', async () => {
    await send(0, ...chainOf(0, 9, 'A'))
    await using consumer = await consume()
    await until(() => expect(handled).toHaveLength(10))
    await kafka.kill()
    await until(() => expect(troubles.map(({ kind }) => kind)).toContain('disconnected'))
    await kafka.start()
    await send(0, ...chainOf(10, 19, 'A'))
    await until(() => expect(handled).toHaveLength(20), 60_000)
    expect(handled).toEqual(Array.from({ length: 20 }, (_, n) => n))
    await until(() => expect(stateOf(consumer, 0)).toBe('idle'))
    expect(troubles.filter(({ kind }) => kind !== 'disconnected')).toEqual([])
  }, 120_000)
})

describe('from a hub', () => {
  const topics = ['notice', 'award', 'outcome'].map((subject) => `tncp.sandbox.${subject}s.v1`)

  test('an event by topic is the event by feed, and the program of the README reads it too', async () => {
    const all = [...topics, 'tncp.sandbox.dume-requests.v1', 'tncp.sandbox.dume-responses.v1']
    const made = all.map((name) => ({ topic: name, numPartitions: 3, replicationFactor: 1 }))
    await admin.createTopics({ topics: made, waitForLeaders: true })
    const settings = { BROKERS: kafka.brokers.join(','), PARTITIONS: '3', REPLICATION: '1', MIN_ISR: '1' }
    const env = Object.fromEntries(Object.entries(settings).map(([name, value]) => [`HUB_KAFKA_${name}`, value]))
    await using hub = await startHub({}, { env })
    const sender = await enrol(hub, 'profil-a', { buyers: [buyerSiret] })
    const reader = await enrol(hub, 'gestion-c', { buyers: [buyerSiret] })
    const { id } = await sender.sent('notice', notice)
    await sender.sent('award', anAward({ id: 'KAFKA' }))
    await reader.post(`/v1/documents/${id}/outcomes`, { result: 'integrated' })

    const events: HubEvent[] = []
    await using consumer = await consume({ topics, handle: async (event) => void events.push(event) })
    await until(() => expect(events).toHaveLength(3))
    const byFeed = [...(await sender.feed()).events, ...(await reader.feed()).events].map(parseEvent)
    expect(events.length).toBeGreaterThan(0)
    for (const event of events) expect(byFeed).toContainEqual(event)
    expect([troubles, consumer.parked()]).toEqual([[], []])

    const program = startProgram(readmeProgram(), { BROKERS: settings.BROKERS, DIR: directory })
    await until(() => expect(program.output()).toContain(`received notice ${id} of ${consultation}`))
    program.child.kill('SIGTERM')
    expect(await once(program.child, 'exit')).toEqual([0, null])
  }, 60_000)
})

/** The second program of the README, word for word, where its imports resolve. */
function readmeProgram(): string {
  const readme = readFileSync(join(import.meta.dirname, '../../../connectors/README.md'), 'utf8')
  const file = join(import.meta.dirname, '../../dist', `readme-kafka-${process.pid}.mjs`)
  writeFileSync(file, [...readme.matchAll(/```js\n([\s\S]+?)```/g)][1]?.[1] ?? '')
  onTestFinished(() => rmSync(file))
  return file
}

function startProgram(file: string, env: Readonly<Record<string, string>>): { child: ChildProcess; output(): string } {
  const child = spawn(process.execPath, [file], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  process.once('exit', () => child.kill('SIGKILL'))
  let text = ''
  child.stdout?.on('data', (part: Buffer) => (text += part.toString('utf8')))
  return { child, output: () => text }
}

function startChild(settings: object): ChildProcess {
  const program = join(import.meta.dirname, '../../dist/contracts/consumer-process.js')
  const child = spawn(process.execPath, [program, JSON.stringify(settings)], { stdio: ['ignore', 'ignore', 'inherit'] })
  process.once('exit', () => child.kill('SIGKILL'))
  return child
}
