import { encodeEntryBundle, parseTilePath } from '@socle/schemas'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { HubError } from '../errors.ts'
import type { Hub } from '../hub.ts'
import { describe } from '../http/openapi.ts'
import { publishedCheckpoint, witnessPolicy } from '../record/published-checkpoint.ts'
import { readLeaves, readTileHashes } from '../record/tree-reader.ts'
import { readHead } from '../store/ledger-rows.ts'

/** The log for everybody, without a token: it holds commitments, never contents (C2SP tlog-tiles). */
export function logRoutes(app: FastifyInstance, hub: Hub): void {
  app.get('/log/checkpoint', { schema: describe('checkpoint') }, async (_request, reply) => {
    const checkpoint = await publishedCheckpoint(hub)
    if (checkpoint === undefined) throw new HubError('ROUTE_NOT_FOUND')
    return await reply.type('text/plain; charset=utf-8').header('cache-control', 'no-cache').send(checkpoint)
  })
  app.get<{ Params: { '*': string } }>('/log/tile/*', { schema: describe('tile') }, async (request, reply) => {
    const bytes = await readTile(hub, `tile/${request.params['*']}`)
    if (!bytes) throw new HubError('ROUTE_NOT_FOUND')
    return await reply
      .type('application/octet-stream')
      .header('cache-control', 'public, max-age=31536000, immutable')
      .send(bytes)
  })
  const text = (path: string, body: string, type: string): void => {
    app.get(
      path,
      { schema: describe('trust') },
      async (_request, reply): Promise<FastifyReply> => await reply.type(type).send(body),
    )
  }
  text('/log/log.vkey', hub.keys.trust.logVkey, 'text/plain; charset=utf-8')
  text('/log/seal-ca.pem', hub.keys.trust.sealCa, 'application/x-pem-file')
  text('/log/tsa-ca.pem', hub.keys.trust.tsaCa, 'application/x-pem-file')
  const policy = witnessPolicy(hub.keys.trust.logVkey, hub.config)
  if (policy !== undefined) text('/log/witnesses', policy, 'text/plain; charset=utf-8')
}

/** A tile or entry bundle within the current size; undefined for anything else. */
async function readTile(hub: Hub, path: string): Promise<Uint8Array | undefined> {
  const tile = parseTilePath(path)
  const size = (await readHead(hub.store.reader))?.size ?? 0
  if (!tile) return undefined
  const level = tile.level === 'entries' ? 0 : tile.level
  const from = tile.index * 256
  const to = from + tile.width
  if (to > Math.floor(size / 256 ** level)) return undefined
  if (tile.level !== 'entries') return Buffer.concat(await readTileHashes(hub.store.reader, level, from, to))
  return encodeEntryBundle(await readLeaves(hub.store.reader, from, to))
}
