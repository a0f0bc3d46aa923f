import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { authenticate, type Caller } from '../authenticate/caller.ts'
import { HubError } from '../errors.ts'
import type { Hub } from '../hub.ts'
import { describe } from '../http/openapi.ts'
import { flagOf, type Query } from '../http/query.ts'
import { UnpackError } from '../unpack.ts'
import type { Admission } from './admission.ts'
import { bulk } from './bulk.ts'
import { bulkLimits } from './bulk-limits.ts'
import { readHeaders } from './incoming.ts'

export const bulkPath = '/v1/awards/bulk'

/** How long the rights of a sender are believed without asking again. */
const rightsMs = 1_000

/**
 * POST /v1/awards/bulk: a stream of award data, one line of answer a record while it is read. The answer begins before the
 * request ends: a sender that does not read it is soon not read any more.
 */
export function bulkRoutes(app: FastifyInstance, hub: Hub, admission: Admission): void {
  // Its own scope: here alone a body is a stream, and nothing waits for the whole of it.
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
    scope.post<{ Querystring: Query }>(
      bulkPath,
      { schema: describe('bulk'), bodyLimit: bulkLimits.bytes },
      async (request, reply) => {
        const caller = await admission.enter('award', request, 'records')
        const isRehearsal = flagOf(request.query, 'dryRun')
        const file = { kind: 'award' as const, ...readHeaders(request.headers, isRehearsal) }
        const lines = bulk(hub, {
          admission,
          caller: rightsOf(hub, request, caller),
          file,
          chunks: bodyOf(request, hub),
          isRehearsal,
          instance: request.id,
        })
        // What is not read when the stream stops early is not read at all: the connection ends with the answer.
        return await reply
          .header('connection', 'close')
          .type('application/x-ndjson; charset=utf-8')
          .send(Readable.from(written(lines, request)))
      },
    )
  })
}

async function* written(lines: AsyncIterable<unknown>, request: FastifyRequest): AsyncGenerator<string> {
  for await (const line of lines) {
    const text = `${JSON.stringify(line)}\n`
    // The next line is asked for when the sender has taken this one, or there is room for it.
    const stalled = setTimeout(() => request.raw.socket.destroy(), bulkLimits.idleMs)
    yield text
    clearTimeout(stalled)
  }
}

/** A mandate that ends while a stream runs stops it within a second, as it stops single deposits. */
function rightsOf(hub: Hub, request: FastifyRequest, first: Caller): () => Promise<Caller> {
  let known = { caller: Promise.resolve(first), until: hub.clock().getTime() + rightsMs }
  return async () => {
    const now = hub.clock().getTime()
    if (now >= known.until) {
      known = { caller: authenticate(hub, request), until: now + rightsMs }
    }
    return await known.caller
  }
}

/** The bytes of the request, within their bounds of size and time. @throws HubError, or what the connection says */
async function* bodyOf(request: FastifyRequest, hub: Hub): AsyncGenerator<Uint8Array> {
  const end = AbortSignal.timeout(bulkLimits.totalMs)
  const body = request.raw[Symbol.asyncIterator]()
  let bytes = 0
  for (;;) {
    const next = await nextPiece(request, body)
    if (next.done === true) break
    const piece = next.value as Buffer
    bytes += piece.length
    if (bytes > bulkLimits.bytes) throw new HubError('BODY_TOO_LARGE', { value: String(bulkLimits.bytes) })
    if (end.aborted) throw new UnpackError('slow', `${bulkLimits.totalMs} ms`)
    if (hub.stopping.aborted) throw new HubError('STOPPING', { retryAfterSeconds: 5 })
    yield piece
  }
  if (bytes === 0) throw new HubError('BODY_EMPTY')
}

/** Only the sender's silence counts, not the time its records take here. */
async function nextPiece(request: FastifyRequest, body: AsyncIterator<unknown>): Promise<IteratorResult<unknown>> {
  const silence = new UnpackError('slow', `${bulkLimits.idleMs} ms`)
  const idle = setTimeout(() => request.raw.destroy(silence), bulkLimits.idleMs)
  try {
    return await body.next()
  } finally {
    clearTimeout(idle)
  }
}
