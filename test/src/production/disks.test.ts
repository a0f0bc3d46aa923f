import { afterAll, beforeAll, expect, test } from 'vitest'
import { mountSmallDisk, type SmallDisk } from '../servers/small-disk.ts'
import { faultsOf, play } from './rig/scenario.ts'
import { type Servers, startServers } from './rig/servers.ts'
import { brokerDiskFull, storeDiskFull } from './scenarios/disks.ts'

/** Both servers on disks of their own: PostgreSQL with its log, the broker with its metadata. */
let disks: { readonly store: SmallDisk; readonly broker: SmallDisk }
let servers: Servers
beforeAll(async () => {
  disks = { store: mountSmallDisk(256), broker: mountSmallDisk(96) }
  servers = await startServers(1, 1, { postgres: disks.store.folder, kafka: disks.broker.folder })
})
afterAll(async () => {
  await servers[Symbol.asyncDispose]()
  disks.store[Symbol.dispose]()
  disks.broker[Symbol.dispose]()
})

test('F7: the ledger’s disk', async () => {
  expect(faultsOf(await play(servers, storeDiskFull(disks.store)))).toEqual([])
})

test('F8: the broker’s disk', async () => {
  expect(faultsOf(await play(servers, brokerDiskFull(disks.broker)))).toEqual([])
})
