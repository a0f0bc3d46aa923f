import { readConfig } from '../config.ts'
import { wire, type WiredHub } from '../wire.ts'

/** Kafka may be away: then the commands go on without its witness, as the hub does. */
const busMs = 5_000

/**
 * For operators' commands: a hub on the settings of the environment that serves nobody, closed when the work is done.
 * The topics are asked first whether the ledger is whole: a command must not append to one that was restored too old.
 */
export async function withHub(work: (hub: WiredHub) => Promise<void>): Promise<void> {
  const config = readConfig(process.env)
  const servers = { ...config.servers, redisUrl: undefined }
  const hub = await wire({ ...config, servers, logLevel: 'silent' })
  try {
    if (servers.kafka)
      await Promise.race([hub.continuity.compareWithBus().catch(() => undefined), hub.pause(busMs, hub.stopping)])
    await work(hub)
  } finally {
    await hub.close()
  }
}
