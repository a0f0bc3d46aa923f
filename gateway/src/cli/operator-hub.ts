import { readConfig } from '../config.ts'
import { compareWithWitnesses } from '../record/witness-round.ts'
import { wire, type WiredHub } from '../wire.ts'

/** Kafka and witnesses may be away: then the commands go on without what they know, as the hub does. */
const othersMs = 5_000

/**
 * For operators' commands: a hub on the settings of the environment that serves nobody, closed when the work is done.
 * The topics and the witnesses are asked first whether the ledger is whole: a command must not append to one that was restored too old.
 */
export async function withHub(work: (hub: WiredHub) => Promise<void>): Promise<void> {
  const config = readConfig(process.env)
  const servers = { ...config.servers, redisUrl: undefined }
  const hub = await wire({ ...config, servers, logLevel: 'silent' })
  try {
    const bus = servers.kafka ? hub.continuity.compareWithBus().catch(() => undefined) : undefined
    await Promise.race([Promise.all([bus, compareWithWitnesses(hub, hub.stopping)]), hub.pause(othersMs, hub.stopping)])
    await work(hub)
  } finally {
    await hub.close()
  }
}
