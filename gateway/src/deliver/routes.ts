import { createHash } from 'node:crypto'
import type { Outcome, SubscriptionRequest } from '@socle/schemas'
import type { FastifyInstance } from 'fastify'
import { authenticate, mayReadContent, requireScope } from '../authenticate/caller.ts'
import { erased, HubError } from '../errors.ts'
import type { Hub } from '../hub.ts'
import { parseBody } from '../http/body.ts'
import { describe } from '../http/openapi.ts'
import { integerOf, listOf, type Query, textOf } from '../http/query.ts'
import { parseIdempotencyKey } from '../http/idempotency-key.ts'
import { parseDocumentId, parseSubscriptionId } from '../ids.ts'
import { findDocument } from '../store/happenings.ts'
import { largestPage, readFeed } from './feed.ts'
import { type OutcomeKey, recordOutcome } from './outcomes.ts'
import { listSubscriptions, resumeSubscription, subscribe, unsubscribe } from './subscriptions.ts'

/** Pull, push, and the recipient's answer. */
export function deliveryRoutes(app: FastifyInstance, hub: Hub): void {
  feedRoute(app, hub)
  subscriptionRoutes(app, hub)
  outcomeRoute(app, hub)
}

function feedRoute(app: FastifyInstance, hub: Hub): void {
  app.get<{ Querystring: Query }>('/v1/feed', { schema: describe('feed') }, async (request) => {
    const caller = await authenticate(hub, request)
    requireScope(caller, 'feed:read')
    const gone = new AbortController()
    request.raw.once('close', () => gone.abort())
    const query = {
      after: textOf(request.query, 'after'),
      limit: integerOf(request.query, 'limit', 100, [1, largestPage]),
      waitSeconds: integerOf(request.query, 'wait', 0, [0, 30]),
      kinds: listOf(request.query, 'kinds'),
    }
    return await readFeed(hub, caller, query, AbortSignal.any([hub.stopping, gone.signal]))
  })
}

function subscriptionRoutes(app: FastifyInstance, hub: Hub): void {
  app.post('/v1/subscriptions', { schema: describe('subscribe') }, async (request, reply) => {
    const caller = await authenticate(hub, request)
    requireScope(caller, 'subscriptions:write')
    const wish = parseBody<SubscriptionRequest>(request.body, 'v1/subscription-request')
    return await reply.code(201).send(await subscribe(hub, caller.account, wish))
  })
  app.get('/v1/subscriptions', { schema: describe('subscriptions') }, async (request) => {
    const caller = await authenticate(hub, request)
    requireScope(caller, 'subscriptions:write')
    return { subscriptions: await listSubscriptions(hub, caller.account) }
  })
  app.post<{ Params: { id: string } }>(
    '/v1/subscriptions/:id/resume',
    { schema: describe('resume') },
    async (request, reply) => {
      const caller = await authenticate(hub, request)
      requireScope(caller, 'subscriptions:write')
      await resumeSubscription(hub, caller.account, parseSubscriptionId(request.params.id))
      return await reply.code(204).send()
    },
  )
  app.delete<{ Params: { id: string } }>(
    '/v1/subscriptions/:id',
    { schema: describe('unsubscribe') },
    async (request, reply) => {
      const caller = await authenticate(hub, request)
      requireScope(caller, 'subscriptions:write')
      await unsubscribe(hub, caller.account, parseSubscriptionId(request.params.id))
      return await reply.code(204).send()
    },
  )
}

function outcomeRoute(app: FastifyInstance, hub: Hub): void {
  app.post<{ Params: { id: string } }>(
    '/v1/documents/:id/outcomes',
    { schema: describe('outcome') },
    async (request, reply) => {
      const caller = await authenticate(hub, request)
      requireScope(caller, 'outcomes:write')
      const document = await findDocument(hub.store.reader, parseDocumentId(request.params.id))
      if (!document || !mayReadContent(caller, document)) throw new HubError('DOCUMENT_NOT_FOUND')
      if (document.erased) throw erased(document.erased)
      const outcome = parseBody<Outcome>(request.body, 'v1/outcome')
      const retry = retryOf(request.headers['idempotency-key'], `${document.id}\0${String(request.body)}`)
      const wish = retry ? { ...outcome, retry } : outcome
      return await reply.code(201).send(await recordOutcome(hub, caller, document, wish))
    },
  )
}

/** The key is optional here. Deposits have keys of their own: the two kinds never meet. */
function retryOf(header: string | string[] | undefined, what: string): OutcomeKey | undefined {
  if (header === undefined) return undefined
  const key = parseIdempotencyKey(header)
  return { key: `outcome ${key}`, sha256: createHash('sha256').update(what).digest('hex') }
}
