import { setTimeout as sleep } from 'node:timers/promises'
import type { SmallDisk } from '../../servers/small-disk.ts'
import { healthOf } from '../rig/health.ts'
import type { Rig } from '../rig/rig.ts'
import type { Scenario } from '../rig/scenario.ts'
import { until } from '../rig/until.ts'

/** Left free at first: room for some documents, then none. */
const almostNothing = 400_000

const fullMs = 4_000

/** Deposits are answered "not now" and nothing is half recorded; PostgreSQL may give up, and is started as a service would. */
export const storeDiskFull = (disk: SmallDisk): Scenario => ({
  fault: 'F7',
  what: 'the disk of PostgreSQL full under load, then freed',
  options: { gateways: 2 },
  async act(rig) {
    const { load, servers, gateways } = rig
    const senders = load({ senders: 10, pauseMs: [0, 40] })
    await senders.more(30)
    disk.fill(almostNothing)
    const isFull = await until(async () => await stands(senders), 60_000)
    if (!isFull) throw new Error('the disk did not become full')
    await sleep(fullMs)
    const reads = await Promise.all(
      gateways.map(async (gateway) => (await healthOf(gateway).catch(() => undefined))?.status ?? 'no answer'),
    )
    disk.free()
    const gaveUp = !(await answers(rig))
    if (gaveUp) await servers.postgres.start()
    const freed = Date.now()
    await senders.more(1)
    const again = Date.now() - freed
    await senders.more(30)
    const server = gaveUp ? 'PostgreSQL gave up and was started again' : 'PostgreSQL went on'
    return {
      loads: [senders],
      seen: `while full, gateways: ${reads.join(', ')}; ${server}; recording ${again} ms later`,
    }
  },
  felt: ({ unclear }) => Object.keys(unclear).some((why) => why.includes('STORE_UNAVAILABLE')),
})

/** The broker halts, for it has no other disk; the ledger is the outbox. */
export const brokerDiskFull = (disk: SmallDisk): Scenario => ({
  fault: 'F8',
  what: 'the disk of the only broker full under load, then freed, and the broker started again',
  options: { gateways: 2 },
  async act({ load, servers: { kafka } }) {
    const senders = load({ senders: 10, pauseMs: [0, 60] })
    await senders.more(30)
    disk.fill(64_000)
    const halted = await until(() => kafka?.pids.length === 0, 60_000)
    if (!halted) throw new Error('the broker goes on')
    const full = Date.now()
    await senders.more(40)
    const without = Date.now() - full
    disk.free()
    await kafka?.start()
    await senders.more(20)
    return { loads: [senders], seen: `the broker halted; 40 acknowledged in ${without} ms without it` }
  },
})

/** Whether nothing was acknowledged for a second. */
async function stands(senders: { readonly acknowledged: number }): Promise<boolean> {
  const before = senders.acknowledged
  await sleep(1_000)
  return senders.acknowledged === before
}

async function answers({ servers: { postgres } }: Rig): Promise<boolean> {
  try {
    await postgres.query('select 1')
    return true
  } catch {
    return false
  }
}
