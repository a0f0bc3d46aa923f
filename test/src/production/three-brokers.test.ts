import { afterAll, beforeAll, expect, test } from 'vitest'
import { faultsOf, play } from './rig/scenario.ts'
import { type Servers, startServers } from './rig/servers.ts'
import { clusterFaults } from './scenarios/brokers.ts'

let servers: Servers
beforeAll(async () => {
  servers = await startServers(3)
})
afterAll(async () => await servers[Symbol.asyncDispose]())

test.each([clusterFaults])('$fault: $what', async (scenario) => {
  expect(faultsOf(await play(servers, scenario))).toEqual([])
})
