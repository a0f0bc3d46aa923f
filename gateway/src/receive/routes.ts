import type { IncomingHttpHeaders } from 'node:http'
import { kinds } from '@socle/schemas'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Caller, requireMandate } from '../authenticate/caller.ts'
import { HubError } from '../errors.ts'
import { accept, judge } from '../flow.ts'
import type { Hub } from '../hub.ts'
import { describe } from '../http/openapi.ts'
import { flagOf, type Query } from '../http/query.ts'
import type { Admission } from './admission.ts'
import { type Incoming, readIncoming } from './incoming.ts'

/** POST /v1/notices, /v1/dume-requests, /v1/dume-responses, /v1/awards: raw body, Idempotency-Key, receipt. */
export function depositRoutes(app: FastifyInstance, hub: Hub, admission: Admission): void {
  // Known from the head of a request on, until its answer.
  const callers = new WeakMap<FastifyRequest, Caller>()
  for (const kind of kinds) {
    const onRequest = async (request: FastifyRequest): Promise<void> => {
      callers.set(request, await admission.enter(kind, request, 'document'))
    }
    const schema = describe('deposit', kind)
    app.post<{ Querystring: Query }>(`/v1/${kind}s`, { schema, onRequest }, async (request, reply) => {
      const caller = callers.get(request)
      if (!caller) throw new HubError('TOKEN_MISSING')
      if (flagOf(request.query, 'dryRun')) {
        const incoming = readIncoming(kind, rehearsalHeaders(request.headers), request.body)
        return await admission.pass(caller.account, incoming, async () => await rehearse(hub, caller, incoming))
      }
      const incoming = readIncoming(kind, request.headers, request.body)
      const { state, receipt, findings } = await admission.pass(
        caller.account,
        incoming,
        async () => await accept(hub, caller, incoming),
      )
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
