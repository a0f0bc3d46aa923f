import { readConfig } from '../config.ts'
import { wire, type WiredHub } from '../wire.ts'

/**
 * For operators' commands: a hub on the settings of the environment that serves nobody, closed when the work is done. It
 * needs the store alone: Kafka and Redis may be away.
 */
export async function withHub(work: (hub: WiredHub) => Promise<void>): Promise<void> {
  const config = readConfig(process.env)
  const servers = { ...config.servers, kafka: undefined, redisUrl: undefined }
  const hub = await wire({ ...config, servers, logLevel: 'silent' })
  try {
    await work(hub)
  } finally {
    await hub.close()
  }
}
