import type { AddressInfo } from 'node:net'
import { buildApp } from './app.ts'
import { runLoops } from './flow.ts'
import { watchConnections } from './http/connections.ts'
import { compareWithWitnesses } from './record/witness-round.ts'
import { requireSeal } from './sealing.ts'
import type { WiredHub } from './wire.ts'

export interface Serving {
  readonly url: string
  /** Stops taking requests, answers those already in, stops the loops, closes the store. */
  stop(): Promise<void>
}

/** While stopping: how often connections that wait for no answer are ended. A head on its way has the first of it. */
const sweepMs = 200

/** Bus and witnesses may be away: then the ledger is compared with what they know when they are back. */
const othersMs = 5_000

/**
 * Starts the HTTP face and the background loops of a wired hub.
 * @throws AlreadyServingError when another hub serves from the same data; system errors (port taken); the hub is then closed
 */
export async function serve(hub: WiredHub): Promise<Serving> {
  const app = await buildApp(hub, hub.log)
  const connections = watchConnections(app.server)
  try {
    await hub.claim()
    await requireSeal(hub)
    await hub.outage.look()
    await Promise.race([
      Promise.all([hub.continuity.compareWithBus().catch(() => undefined), compareWithWitnesses(hub, hub.stopping)]),
      hub.pause(othersMs, hub.stopping),
    ])
    await app.listen({ host: hub.config.host, port: hub.config.port })
  } catch (error) {
    // Threads of the store would keep a hub that cannot serve alive for ever.
    await hub.close()
    throw error
  }
  // A ledger that is found to be behind is only read: nothing is published or delivered from it.
  const running = AbortSignal.any([hub.stopping, hub.continuity.broken])
  const loops = Promise.all([runLoops(hub, running), hub.continuity.watch(running)])
  const { port } = app.server.address() as AddressInfo
  return {
    url: `http://${hub.config.host}:${port}`,
    async stop() {
      // First: closing waits for the requests under way, and a reader of the feed may be waiting for half a minute.
      hub.beginStop()
      const sweep = setInterval(() => connections.endWaiting(), sweepMs)
      await app.close().finally(() => clearInterval(sweep))
      await loops
      await hub.close()
    },
  }
}
