import { asyncApi } from '@socle/schemas'
import type { FastifyInstance } from 'fastify'
import type { Hub } from '../hub.ts'
import { describe } from '../http/openapi.ts'
import { packsOfThread } from '../packs/of-thread.ts'
import { relayCursor } from '../publish/relay.ts'
import { stampedSize } from '../record/stamper.ts'
import { readCursor } from '../store/cursors.ts'
import { readHead } from '../store/ledger-rows.ts'

/** What operators and machines ask of the service itself. */
export function serviceRoutes(app: FastifyInstance, hub: Hub): void {
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger())
  app.get('/asyncapi.json', { schema: describe('asyncapi') }, async () => asyncApi)
  app.get('/health/live', { schema: describe('live') }, async () => ({ status: 'live' }))
  app.get('/health/ready', { schema: describe('ready') }, async () => {
    const { reader } = hub.store
    const { missing } = hub.continuity
    const seal = hub.sealer.state(hub.clock())
    const head = await readHead(reader)
    const goesOn = head?.checkpoint.split('\n', 1)[0]
    // Handed over since this replica started: it is to be started again, under the new name.
    const hasEnded = goesOn !== undefined && goesOn !== hub.config.logOrigin
    return {
      // Reads are served in either case, so it is no reason to be taken out.
      status: missing || hasEnded ? 'read-only' : 'ready',
      ...(missing ? { missing } : {}),
      environment: hub.config.environment,
      log: {
        origin: hub.config.logOrigin,
        ...(hasEnded ? { next: goesOn } : {}),
        size: head?.size ?? 0,
        published: await readCursor(reader, relayCursor),
        stamped: await stampedSize(hub),
      },
      // Without it reads go on and documents are refused: as above.
      seal: {
        certificate: seal.certificate,
        ...(seal.until ? { until: seal.until.toISOString() } : {}),
        ...(seal.refusal ? { refused: seal.refusal.code } : {}),
      },
      waiting: hub.batcher.waiting,
      // A format whose pack is not in this list is answered 503.
      packs: packsOfThread(hub.config.packsDirectory).installed.map(({ name, version }) => `${name}-${version}`),
    }
  })
  app.get('/metrics', { schema: { hide: true } }, async (_request, reply) => {
    return await reply.type(hub.events.registry.contentType).send(await hub.events.registry.metrics())
  })
}
