import { anAwardOf } from '../load/documents.ts'
import { createSender } from '../load/sender.ts'
import { appliedCounts } from './collect.ts'
import type { Rig } from './rig.ts'
import { until } from './until.ts'

const patienceMs = 30_000

/**
 * So many awards, numbered from `first` on: accepted, acknowledged, published, and put into effect by every subscriber.
 * For faults between two phases rather than under load; everybody has caught up before. @throws after half a minute
 */
export async function depositAll(rig: Rig, first: number, count: number): Promise<void> {
  const sender = createSender(rig.balancer.url, `phase-${first}`, 8, rig.history)
  const { id: account, token } = rig.accounts.senders[0] ?? { id: '', token: '' }
  const before = appliedCounts(rig.directory)
  const all = Array.from({ length: count }, async (_, i) => {
    const [key, document] = [`phase-${first + i}`, anAwardOf(first + i, `consultation-${i % 7}`)]
    if (!(await sender.settle({ account, token, key, document }, Date.now() + patienceMs)))
      throw new Error(`${key}: no clear answer`)
  })
  await Promise.all(all)
  await sender.close()
  const missing = (): readonly string[] => {
    const now = appliedCounts(rig.directory)
    const channels = ['webhook', ...(rig.servers.kafka ? ['kafka'] : [])]
    return channels.filter((channel) => (now[channel] ?? 0) < (before[channel] ?? 0) + count)
  }
  if (!(await until(() => missing().length === 0, patienceMs)))
    throw new Error(`phase ${first}: ${missing().join(', ')} did not get everything`)
}
