import { setTimeout as sleep } from 'node:timers/promises'
import { anAwardOf } from '../load/documents.ts'
import { createSender } from '../load/sender.ts'
import { holderOf, type Scenario } from '../rig/scenario.ts'

/** F3 is also true of half a minute: `FROZEN_MS=30000`. Three leases long is enough to be a zombie. */
const frozenMs = Number(process.env['FROZEN_MS'] ?? 6_000)

export const killed: Scenario = {
  fault: 'F1',
  what: 'each gateway SIGKILLed under load',
  async act({ gateways, load, random }) {
    const senders = load()
    for (const gateway of gateways) {
      await senders.more(20)
      await sleep(random.between(0, 100))
      await gateway.kill()
      await senders.more(10)
      gateway.start()
      await gateway.ready()
    }
    await senders.more(20)
    return { loads: [senders], seen: `${gateways.length} kills` }
  },
}

/** The zombie wakes with its leases long gone, and perhaps in the middle of a transaction. */
export const zombie: Scenario = {
  fault: 'F3',
  what: `the gateway with the relay frozen for ${frozenMs / 1_000} s, then woken`,
  async act(rig) {
    const senders = rig.load()
    await senders.more(30)
    const before = await holderOf(rig, 'relay')
    before.freeze()
    const frozen = Date.now()
    await senders.more(20)
    const back = Date.now() - frozen
    await sleep(Math.max(0, frozenMs - back))
    before.thaw()
    await senders.more(30)
    const after = await holderOf(rig, 'relay')
    if (after === before) throw new Error('the frozen gateway kept its lease')
    return {
      loads: [senders],
      seen: `${before.name} frozen, 20 more acknowledged within ${back} ms, ${after.name} relays`,
    }
  },
}

const copies = 100
const rounds = 5

/** No connection shares its key with another; whichever replica comes first, there is one entry and one receipt. */
export const crowd: Scenario = {
  fault: 'F20',
  what: `${copies} requests of one deposit at once on 3 gateways, ${rounds} times`,
  async act({ balancer, accounts, history }) {
    const sender = createSender(balancer.url, 'crowd', copies, history)
    const [account] = accounts.senders
    const counts = { ok: 0, fail: 0, info: 0 }
    for (let round = 0; round < rounds; round++) {
      const document = anAwardOf(round, 'consultation-0')
      const deposit = { account: account?.id ?? '', token: account?.token ?? '', key: `crowd-${round}`, document }
      const attempts = Array.from({ length: copies }, async () => await sender.attempt(deposit))
      for (const { type } of await Promise.all(attempts)) counts[type]++
      await sender.settle(deposit, Date.now() + 10_000)
    }
    await sender.close()
    return { loads: [], seen: `${counts.ok} of ${copies * rounds} answered with a receipt at once` }
  },
}

export const rolled: Scenario = {
  fault: 'F29',
  what: 'each gateway restarted by SIGTERM under load',
  async act({ gateways, balancer, load }) {
    const senders = load()
    await senders.more(20)
    const endings: string[] = []
    for (const gateway of gateways) {
      const asked = Date.now()
      const { code, signal } = await gateway.stop()
      endings.push(`${code ?? signal} in ${Date.now() - asked} ms`)
      await senders.more(10)
      gateway.start()
      await gateway.ready()
      await senders.more(10)
    }
    const answers = [...balancer.answers].map(([status, count]) => `${count} × ${status}`).join(', ')
    return { loads: [senders], seen: `exit codes ${endings.join(', ')}; the balancer saw ${answers}` }
  },
}
