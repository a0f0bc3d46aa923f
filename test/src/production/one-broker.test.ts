import { afterAll, beforeAll, expect, test } from 'vitest'
import { faultsOf, play } from './rig/scenario.ts'
import { type Servers, startServers } from './rig/servers.ts'
import { brokerKilled, brokerSlow, produceAnswersLost } from './scenarios/broker.ts'
import { crashPoints } from './scenarios/crash-points.ts'
import { crowd, killed, rolled, zombie } from './scenarios/gateways.ts'
import { answersLost, cacheGone, storeKilled } from './scenarios/store.ts'

let servers: Servers
beforeAll(async () => {
  servers = await startServers(1)
})
afterAll(async () => await servers[Symbol.asyncDispose]())

test.each([
  killed,
  crashPoints,
  zombie,
  crowd,
  rolled,
  storeKilled,
  answersLost,
  cacheGone,
  brokerKilled,
  produceAnswersLost,
  brokerSlow,
])('$fault: $what', async (scenario) => {
  expect(faultsOf(await play(servers, scenario))).toEqual([])
})
