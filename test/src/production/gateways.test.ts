import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { faultsOf, play } from './rig/scenario.ts'
import { type Servers, startServers } from './rig/servers.ts'

let servers: Servers
beforeAll(async () => {
  servers = await startServers(1)
})
afterAll(async () => await servers[Symbol.asyncDispose]())

test('F1: replicas killed one after the other, in the middle of their batches', async () => {
  const judgement = await play(servers, {
    fault: 'F1',
    what: 'gateways SIGKILLed under load',
    async act({ gateways, load, random }) {
      const senders = load({ senders: 10, pauseMs: [0, 20] })
      for (const gateway of gateways) {
        await senders.more(40)
        await sleep(random.between(0, 100))
        await gateway.kill()
        await senders.more(20)
        gateway.start()
        await gateway.ready()
      }
      await senders.more(40)
      return { loads: [senders], seen: `${gateways.length} kills` }
    },
  })
  expect(faultsOf(judgement)).toEqual([])
})
