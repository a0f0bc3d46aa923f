import { readConfig } from '../config.ts'
import { wire, type WiredHub } from '../wire.ts'

/** For operators' commands: a hub on the settings of the environment that serves nobody, closed when the work is done. */
export async function withHub(work: (hub: WiredHub) => Promise<void>): Promise<void> {
  const hub = await wire({ ...readConfig(process.env), logLevel: 'silent' })
  try {
    await work(hub)
  } finally {
    await hub.close()
  }
}
