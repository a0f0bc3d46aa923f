import { encodeEntryBundle, parseTilePath, tileWidth } from '@socle/schemas'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { HubError } from '../errors.ts'
import type { Hub } from '../hub.ts'
import { describe } from '../http/openapi.ts'
import { signedKeyList } from '../record/key-list.ts'
import { publishedCheckpoint, witnessPolicy } from '../record/published-checkpoint.ts'
import { readLeaves, tilesOf } from '../record/tree-reader.ts'
import { cosignedNote } from '../store/cosignatures.ts'
import { readHead } from '../store/ledger-rows.ts'
import { type LogPlace, readShards } from '../store/shards.ts'

/**
 * The log for everybody, without a token: it holds commitments, never contents (C2SP tlog-tiles). The one that goes on at
 * `/log/`; each by its number in the ledger too, and for ever, at `/log/0/`, `/log/1/`...
 */
export function logRoutes(app: FastifyInstance, hub: Hub): void {
  app.get('/log/checkpoint', { schema: describe('checkpoint') }, async (_request, reply) => {
    return await sendCheckpoint(reply, await publishedCheckpoint(hub))
  })
  app.get<Numbered>('/log/:shard/checkpoint', { schema: describe('checkpoint') }, async (request, reply) => {
    return await sendCheckpoint(reply, await checkpointOf(hub, request.params.shard))
  })
  app.get<{ Params: { '*': string } }>('/log/tile/*', { schema: describe('tile') }, async (request, reply) => {
    return await sendTile(reply, await readTile(hub, `tile/${request.params['*']}`, await currentLog(hub)))
  })
  app.get<Numbered>('/log/:shard/tile/*', { schema: describe('tile') }, async (request, reply) => {
    return await sendTile(
      reply,
      await readTile(hub, `tile/${request.params['*']}`, await logNumbered(hub, request.params.shard)),
    )
  })
  const text = (path: string, body: () => string, type: string): void => {
    app.get(
      path,
      { schema: describe('trust') },
      async (_request, reply): Promise<FastifyReply> => await reply.type(type).send(body()),
    )
  }
  text('/log/log.vkey', () => hub.keys.trust.logVkey, 'text/plain; charset=utf-8')
  text('/log/seal-ca.pem', () => hub.sealer.authorities(), 'application/x-pem-file')
  text('/log/tsa-ca.pem', () => hub.keys.trust.tsaCa, 'application/x-pem-file')
  app.get('/log/keys.note', { schema: describe('keyList') }, async (_request, reply): Promise<FastifyReply> => {
    const type = 'text/plain; charset=utf-8'
    return await reply
      .type(type)
      .header('cache-control', 'no-cache')
      .send(await signedKeyList(hub))
  })
  const policy = witnessPolicy(hub.keys.trust.logVkey, hub.config)
  if (policy !== undefined) text('/log/witnesses', () => policy, 'text/plain; charset=utf-8')
}

interface Numbered {
  readonly Params: { readonly shard: string; readonly '*': string }
}

async function sendCheckpoint(reply: FastifyReply, note: string | undefined): Promise<FastifyReply> {
  if (note === undefined) throw new HubError('ROUTE_NOT_FOUND')
  return await reply.type('text/plain; charset=utf-8').header('cache-control', 'no-cache').send(note)
}

async function sendTile(reply: FastifyReply, bytes: Uint8Array | undefined): Promise<FastifyReply> {
  if (!bytes) throw new HubError('ROUTE_NOT_FOUND')
  return await reply
    .type('application/octet-stream')
    .header('cache-control', 'public, max-age=31536000, immutable')
    .send(bytes)
}

/** One log, up to where it goes now, or to its end. */
interface KnownLog extends LogPlace {
  /** Of the ledger. */
  readonly end: number
  readonly isOver: boolean
}

async function currentLog({ store }: Pick<Hub, 'store'>): Promise<KnownLog | undefined> {
  const head = await readHead(store.reader)
  return head && { shard: head.shard, first: head.first, end: head.size, isOver: false }
}

async function logNumbered(hub: Pick<Hub, 'store'>, text: string): Promise<KnownLog | undefined> {
  if (!/^(?:0|[1-9]\d{0,3})$/.test(text)) return undefined
  const current = await currentLog(hub)
  if (current?.shard === Number(text)) return current
  const shard = (await readShards(hub.store.reader))[Number(text)]
  return shard?.end === undefined ? undefined : { shard: shard.shard, first: shard.first, end: shard.end, isOver: true }
}

/** The last one of a log that is over is for ever; of the one that goes on, the one that is published. */
async function checkpointOf(hub: Hub, text: string): Promise<string | undefined> {
  const log = await logNumbered(hub, text)
  if (!log) return undefined
  return log.isOver ? await cosignedNote(hub.store.reader, log.end) : await publishedCheckpoint(hub)
}

/** A tile or entry bundle within the log's size; undefined for anything else. */
async function readTile(hub: Hub, path: string, log: KnownLog | undefined): Promise<Uint8Array | undefined> {
  const tile = parseTilePath(path)
  if (!tile || !log) return undefined
  const level = tile.level === 'entries' ? 0 : tile.level
  const from = tile.index * tileWidth
  const to = from + tile.width
  if (to > Math.floor((log.end - log.first) / tileWidth ** level)) return undefined
  const { reader } = hub.store
  if (tile.level !== 'entries') return Buffer.concat(await tilesOf(reader, log)(level, from, to))
  return encodeEntryBundle(await readLeaves(reader, log.first + from, log.first + to))
}
