import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Scenario } from '../rig/scenario.ts'
import { until } from '../rig/until.ts'

/** Deposits go on without Kafka: the ledger is the outbox. */
export const brokerKilled: Scenario = {
  fault: 'F9',
  what: 'the only broker SIGKILLed under load and started again',
  async act({ servers: { kafka }, load }) {
    const senders = load()
    await senders.more(30)
    await kafka?.node(1).kill()
    const started = Date.now()
    await senders.more(40)
    const without = Date.now() - started
    await kafka?.node(1).start()
    await kafka?.ready()
    const back = Date.now() - started
    await senders.more(20)
    return { loads: [senders], seen: `40 acknowledged in ${without} ms without Kafka, which was back after ${back} ms` }
  },
}

const drops = 8

/** A produce answer for one partition has about 75 bytes; heartbeats are shorter, what consumers fetch is longer. */
const produceAnswer = [60, 100] as const

export const produceAnswersLost: Scenario = {
  fault: 'F11',
  what: `${drops} answers to a produce request lost under load`,
  async act({ servers: { toKafka }, gateways, directory, load }) {
    const senders = load({ senders: 8 })
    const [proxy] = toKafka
    await senders.more(20)
    let lost = 0
    for (let i = 0; i < drops; i++) {
      const before = proxy?.dropped
      proxy?.dropAnswers({ next: 1, leaves: i % 4 === 3 ? 'silence' : 'reset', bytes: produceAnswer })
      if (await until(() => proxy?.dropped !== before, 15_000)) lost++
    }
    await senders.more(20)
    const doubts = gateways.map(({ name }) => readFileSync(join(directory, `${name}.log`), 'utf8').split('BusInDoubt'))
    const told = doubts.reduce((sum, parts) => sum + parts.length - 1, 0)
    return { loads: [senders], seen: `${lost} lost, the relay was in doubt and said so ${told} times` }
  },
  felt: ({ repeated }) => repeated > 0,
}

const slowMs = 5_000

export const brokerSlow: Scenario = {
  fault: 'F13',
  what: `each answer of the broker 300 to 600 ms late for ${slowMs / 1_000} s`,
  async act({ servers: { toKafka }, load }) {
    const senders = load()
    await senders.more(20)
    const before = senders.acknowledged
    for (const proxy of toKafka) proxy.set({ is: 'latency', ms: 300, jitterMs: 300 }, 'answers')
    await sleep(slowMs)
    const during = senders.acknowledged - before
    for (const proxy of toKafka) proxy.set({ is: 'pass' })
    await senders.more(20)
    return { loads: [senders], seen: `${during} acknowledged meanwhile` }
  },
}
