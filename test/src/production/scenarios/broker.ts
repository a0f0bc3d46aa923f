import { setTimeout as sleep } from 'node:timers/promises'
import type { Scenario } from '../rig/scenario.ts'

/** Deposits go on without Kafka: the ledger is the outbox. */
export const brokerKilled: Scenario = {
  fault: 'F9',
  what: 'the only broker SIGKILLed under load and started again',
  async act({ servers: { kafka }, load }) {
    const senders = load({ senders: 10 })
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

const drops = 20

export const produceAnswersLost: Scenario = {
  fault: 'F11',
  what: `${drops} answers of the broker lost under load`,
  async act({ servers: { toKafka }, load, random }) {
    const senders = load({ senders: 10, pauseMs: [0, 60] })
    const [proxy] = toKafka
    await senders.more(20)
    const before = proxy?.dropped ?? 0
    for (let i = 0; i < drops; i++) {
      await sleep(random.between(20, 300))
      proxy?.dropAnswers({ next: 1, leaves: i % 5 === 4 ? 'silence' : 'reset' })
    }
    await senders.more(20)
    return { loads: [senders], seen: `${(proxy?.dropped ?? 0) - before} lost` }
  },
}

const slowMs = 5_000

export const brokerSlow: Scenario = {
  fault: 'F13',
  what: `each answer of the broker 300 to 600 ms late for ${slowMs / 1_000} s`,
  async act({ servers: { toKafka }, load }) {
    const senders = load({ senders: 10 })
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
