import type { IncomingHttpHeaders } from 'node:http'
import { kinds } from '@socle/schemas'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { authenticate, type Caller, requireMandate, requireScope } from '../authenticate/caller.ts'
import { writeScopeOf } from '../directory/scopes.ts'
import { HubError } from '../errors.ts'
import { accept, judge } from '../flow.ts'
import type { Hub } from '../hub.ts'
import { describe } from '../http/openapi.ts'
import { flagOf, type Query } from '../http/query.ts'
import { type Incoming, readIncoming } from './incoming.ts'

/** POST /v1/notices, /v1/dume-requests, /v1/dume-responses, /v1/awards: raw body, Idempotency-Key, receipt. */
export function depositRoutes(app: FastifyInstance, hub: Hub): void {
  for (const kind of kinds) {
    app.post<{ Querystring: Query }>(`/v1/${kind}s`, { schema: describe('deposit', kind) }, async (request, reply) => {
      const caller = await authenticate(hub, request.headers.authorization)
      if (flagOf(request.query, 'dryRun')) {
        requireScope(caller, writeScopeOf(kind))
        return await rehearse(hub, caller, readIncoming(kind, rehearsalHeaders(request.headers), request.body))
      }
      const incoming = readIncoming(kind, request.headers, request.body)
      const { state, receipt, findings } = await accept(hub, caller, incoming)
      if (receipt.state === 'refused')
        throw new HubError('DOCUMENT_REFUSED', {
          findings: findings.length > 0 ? findings : (receipt.envelope.findings ?? []),
          receipt,
        })
      return await answer(reply, state === 'replayed' ? 200 : 201, receipt)
    })
  }
}

async function answer(reply: FastifyReply, status: number, receipt: { readonly id: string }): Promise<FastifyReply> {
  return await reply
    .code(status)
    .header('location', `/v1/documents/${receipt.id}`)
    .type('application/json; charset=utf-8')
    .send(JSON.stringify(receipt))
}

/** A rehearsal needs no key. */
function rehearsalHeaders(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return { ...headers, 'idempotency-key': 'dry-run' }
}

/** Judges without recording: the same findings as the real deposit would have, and the same want of a mandate. */
async function rehearse(hub: Hub, caller: Caller, incoming: Incoming): Promise<unknown> {
  const { verdict, routing, examination, findings } = await judge(hub, incoming)
  requireMandate(caller, routing.buyer, findings)
  const { format, version } = examination
  return { dryRun: true, verdict, format: { name: format, ...(version === undefined ? {} : { version }) }, findings }
}
