import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { runLines } from '../../deploy/runbook.ts'
import { anAwardOf } from '../load/documents.ts'
import { createSender } from '../load/sender.ts'
import { healthOf, startAll, stopAll } from '../rig/health.ts'
import { depositAll } from '../rig/phase.ts'
import type { Rig } from '../rig/rig.ts'
import type { Scenario } from '../rig/scenario.ts'

/** Documents that the old copy does not have, and such as come after the recovery. */
const lostOnes = 20
const laterOnes = 30

/**
 * The copy verifies, and everybody who has seen more is gone, but for a file and the topics: one replica has lost the file,
 * the other one asks no topic before it has read it.
 */
export const rolledBack: Scenario = {
  fault: 'F19',
  what: 'PostgreSQL restored from a copy that is older than receipts, found, accepted by the runbook',
  options: { gateways: 2 },
  finds: ['lost', 'proof', 'chain', 'read-back', 'applied'],
  async act(rig) {
    const { gateways, servers, database } = rig
    await depositAll(rig, 0, 40)
    await stopAll(gateways)
    await servers.postgres.query(`create database ${database}_copy template ${database}`)
    await startAll(gateways)
    const kept = (await healthOf(first(rig))).log.size
    await depositAll(rig, 1_000, lostOnes)
    await stopAll(gateways)
    await servers.postgres.query(`alter database ${database} rename to ${database}_lost`)
    await servers.postgres.query(`alter database ${database}_copy rename to ${database}`)
    rmSync(join(rig.directory, 'gateway-2/last-checkpoint'))
    await startAll(gateways)

    const found = await Promise.all(gateways.map(async (gateway) => await refusal(rig, gateway.port)))
    const healths = await Promise.all(gateways.map(healthOf))
    if (healths.some(({ status, missing }) => status !== 'read-only' || missing?.from !== kept))
      throw new Error(`not found: ${JSON.stringify(healths)}`)
    const env = { ...rig.env, HUB: `http://127.0.0.1:${first(rig).port}`, HUB_DATA: join(rig.directory, 'gateway-1') }
    const looks = await runLines('ledger-behind.md', 'look', env)
    await stopAll(gateways)
    const accepts = await runLines('ledger-behind.md', 'accept', env)
    if (looks.status !== 0 || accepts.status !== 0) throw new Error(`${looks.output}\n${accepts.output}`)
    await startAll(gateways)
    await depositAll(rig, 2_000, laterOnes)
    const health = await healthOf(first(rig))
    if (health.status !== 'ready') throw new Error(`after the recovery: ${JSON.stringify(health)}`)
    return { loads: [], seen: `both replicas ${found.join(' and ')}; ${accepts.output.trim().split('\n').at(-1)}` }
  },
  // Nothing but what the copy did not have; above all nothing of what came after the recovery.
  felt: ({ verdicts }) =>
    ['lost', 'chain'].every((name) => verdicts.find((one) => one.name === name)?.faults === lostOnes),
}

function first({ gateways: [gateway] }: Rig) {
  if (!gateway) throw new Error('no gateway')
  return gateway
}

/** A gateway asked directly refuses, and says so in its code. */
async function refusal(rig: Rig, port: number): Promise<string> {
  const sender = createSender(`http://127.0.0.1:${port}`, 'behind', 1, rig.history)
  const { id: account, token } = rig.accounts.senders[0] ?? { id: '', token: '' }
  const key = 'phase-2000'
  const { status, reason } = await sender.attempt({ account, token, key, document: anAwardOf(2_000, 'consultation-0') })
  await sender.close()
  if (status !== 503 || reason !== 'LEDGER_BEHIND') throw new Error(`answered ${status} ${reason}`)
  return `503 ${reason}`
}
