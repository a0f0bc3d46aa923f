import { setTimeout as sleep } from 'node:timers/promises'
import type { IHeaders, Message, RecordMetadata } from 'kafkajs'
import type { KafkaSettings } from '../config-servers.ts'
import type { Bus, BusMessage } from '../ports.ts'
import { type OpenProducer, openProducer } from './kafka-producer.ts'
import { createSeeds } from './kafka-seeds.ts'
import { readTails } from './kafka-tails.ts'
import { requireTopics } from './kafka-topics.ts'

/*
 * Kafka as the bus, by kafkajs. Why nothing is missing once `publish` has resolved:
 *
 * 1. The ledger is the outbox. `publish` resolves when every message is acknowledged and rejects when one is in doubt;
 *    then the relay sends again from its cursor. Nothing is kept here, so nothing can be lost here.
 * 2. An acknowledgement counts (acks -1, min.insync.replicas 2 of 3, no unclean election: checked by `socle topics`).
 * 3. One topic-partition a send. kafkajs counts answers by broker: a send over two partitions resolves though one of
 *    them moved to a broker that had answered already, and its records are nowhere (K1, test/src/contracts).
 * 4. Exactly one result a send, for that partition, without error and with an offset. Anything else is doubt.
 * 5. One send in flight to a partition. A partition belongs to one lane; a lane is one producer and does one send after
 *    the other. Two at once to an idempotent producer are both acknowledged though one was never written (K2); two at
 *    once to any other one may change places.
 * 6. Doubt (an error, a strange result, no answer in time) drops the producer: its connections are destroyed and it can
 *    open no other before the lane goes on. The rest of the lane is not sent, for it would come before what is missing.
 * 7. What a dropped producer had on the wire may still be written, late. It can only be a run of messages that the relay
 *    sends again, from its first on, with the same hub-seq and hub-prev (relay.ts): whoever drops what he has seen reads
 *    the same chain (schemas/spec/kafka.md). `kafka-faults.test.ts` does.
 * 8. Not idempotent, on purpose. An idempotent producer would spare some of those repetitions, but acknowledges what
 *    bears a number that it has used: after a doubt kafkajs takes a number back, and what comes next under it is
 *    acknowledged unwritten. A repetition can be seen by a reader and a loss only by the chain: we prefer repetitions.
 * 9. No transactions: they fence producers, and here the ledger's lease does; and readers would wait for their end.
 * 10. The partition is told by the relay, never by the client's partitioner, and the number of partitions is compared
 *    with the topics' before the first message: another one would send a consultation's events out of order.
 * 11. At most 512 KiB and 500 messages a send (a broker refuses batches above 1 MiB; kafkajs does not split); a message
 *    larger than that goes alone.
 */

/** Sends under way at once, each with its own connection to each broker: a broker answers one request a connection. */
const lanes = 6

const maxSendBytes = 524_288
const maxSendMessages = 500

/**
 * An answer later than this is none. It leaves the one retry its time after a leader that has moved, but not after a
 * request that ran out of its 5 s: a broker that hangs is left at once. Also for a send that kafkajs forgets.
 */
const answerMs = 6_500

/** What a record weighs beside key, data and attributes, at most: offsets, lengths, the hub's own headers. */
const recordOverhead = 256

export interface KafkaBusSettings extends KafkaSettings {
  /** Every topic that will be published to. */
  readonly topics: readonly string[]
}

/** Some messages may be on the bus and some not: publish all of them again, in the same order. */
export class BusInDoubt extends Error {
  override readonly name = 'BusInDoubt'
}

/**
 * Connects when the first message comes: the hub starts and accepts without Kafka. One `publish` at a time.
 * @param onTrouble told once, at start, when the brokers do not answer or the topics are not as they must be
 */
export function createKafkaBus(settings: KafkaBusSettings, onTrouble: (error: unknown) => void): Bus {
  const seeds = createSeeds(settings.brokers)
  const all = Array.from({ length: lanes }, () => createLane(() => openProducer(settings, seeds)))
  let checked: Promise<void> | undefined
  let publishing = false
  const closing = new AbortController()

  async function check(): Promise<void> {
    checked ??= requireTopics(settings, settings.topics, closing.signal)
    try {
      await checked
    } catch (error) {
      checked = undefined
      throw error
    }
  }
  check().catch((error: unknown) => {
    if (!closing.signal.aborted) onTrouble(error)
  })

  return {
    partitions: settings.partitions,
    // Readers come when they like, and read what was before them.
    hasReaders: () => true,
    async publish(messages) {
      if (publishing) throw new Error('one publication at a time: the order within a partition hangs on it')
      publishing = true
      try {
        await check()
        const work = all.map(async (lane, index) => await lane.send(runsOf(messages, index)))
        const failed = (await Promise.allSettled(work)).flatMap((each) =>
          each.status === 'rejected' ? each.reason : [],
        )
        if (failed.length > 0)
          throw new BusInDoubt(`Kafka has perhaps not everything: ${String(failed[0])}`, { cause: failed[0] })
      } finally {
        publishing = false
      }
    },
    tails: async () => await readTails(settings, settings.topics, closing.signal),
    async close() {
      closing.abort()
      await Promise.all(all.map(async (lane) => await lane.close()))
    },
  }
}

/** Consecutive messages of one topic-partition, small enough for one send. */
interface Run {
  readonly topic: string
  readonly partition: number
  readonly messages: BusMessage[]
  bytes: number
}

/** A partition is always of the same lane. */
function runsOf(messages: readonly BusMessage[], lane: number): readonly Run[] {
  const runs: Run[] = []
  const open = new Map<string, Run>()
  for (const message of messages) {
    const { topic, partition } = message
    if (partition % lanes !== lane) continue
    const place = `${topic}/${partition}`
    const bytes = sizeOf(message)
    let run = open.get(place)
    if (!run || run.bytes + bytes > maxSendBytes || run.messages.length >= maxSendMessages) {
      run = { topic, partition, messages: [], bytes: 0 }
      open.set(place, run)
      runs.push(run)
    }
    run.messages.push(message)
    run.bytes += bytes
  }
  return runs
}

function sizeOf({ key, data, attributes }: BusMessage): number {
  let bytes = recordOverhead + Buffer.byteLength(key) + data.length
  for (const name in attributes) bytes += name.length + 8 + Buffer.byteLength(attributes[name] ?? '')
  return bytes
}

interface Lane {
  /** One run after the other; rejects at the first that is in doubt, with the rest unsent. */
  send(runs: readonly Run[]): Promise<void>
  close(): Promise<void>
}

function createLane(open: () => OpenProducer): Lane {
  let current: OpenProducer | undefined

  async function sendRun(run: Run): Promise<void> {
    current ??= open()
    const { topic, partition } = run
    const results = await current.send({ topic, acks: -1, timeout: 5_000, messages: run.messages.map(recordOf) })
    requireOneResult(results, topic, partition)
  }

  return {
    async send(runs) {
      try {
        for (const run of runs) await within(answerMs, sendRun(run))
      } catch (error) {
        current?.drop()
        current = undefined
        throw error
      }
    },
    async close() {
      const closing = current
      current = undefined
      await Promise.race([closing?.close(), sleep(1_000, undefined, { ref: false })])
      closing?.drop()
    },
  }
}

function requireOneResult(results: readonly RecordMetadata[], topic: string, partition: number): void {
  const [only] = results
  const sure = results.length === 1 && only?.topicName === topic && only.partition === partition
  if (!sure || only.errorCode !== 0 || Number(only.baseOffset ?? -1) < 0)
    throw new Error(`${topic}/${partition}: not one clear answer but ${JSON.stringify(results)}`)
}

/** CloudEvents 1.0, Kafka binding, binary mode; see schemas/spec/kafka.md. */
function recordOf({ key, partition, sequence, previous, leaf, attributes, data }: BusMessage): Message {
  const headers: IHeaders = { 'hub-seq': String(sequence), 'hub-prev': String(previous), 'hub-leaf': leaf }
  for (const name in attributes) {
    const header = name === 'datacontenttype' ? 'content-type' : `ce_${name}`
    headers[header] = attributes[name]
  }
  return { key, partition, headers, value: Buffer.from(data.buffer, data.byteOffset, data.byteLength) }
}

async function within(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const watchdog = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms / 1_000} s`)), ms)
  })
  // What is said after the watchdog concerns nobody.
  work.catch(() => undefined)
  try {
    await Promise.race([work, watchdog])
  } finally {
    clearTimeout(timer)
  }
}
