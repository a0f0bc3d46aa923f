import { afterAll, beforeAll, expect, test } from 'vitest'
import { faultsOf, play, type Scenario } from './rig/scenario.ts'
import { type Servers, startServers } from './rig/servers.ts'

/** One test a scenario, all on the same servers, each in a database, topics and replicas of its own. */
export function playAll(brokers: 1 | 3, scenarios: readonly Scenario[]): void {
  let servers: Servers | undefined
  beforeAll(async () => {
    servers = await startServers(brokers)
  })
  afterAll(async () => await servers?.[Symbol.asyncDispose]())

  for (const scenario of scenarios)
    test(`${scenario.fault}: ${scenario.what}`, async () => {
      if (!servers) throw new Error('the servers did not start')
      expect(faultsOf(await play(servers, scenario), scenario)).toEqual([])
    })
}
