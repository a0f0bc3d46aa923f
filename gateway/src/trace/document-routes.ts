import { isConfidential } from '@socle/schemas'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { authenticate, type Caller, requireScope } from '../authenticate/caller.ts'
import { erased, HubError } from '../errors.ts'
import type { Hub } from '../hub.ts'
import { describe } from '../http/openapi.ts'
import { parseDocumentId } from '../ids.ts'
import { canonicalOf } from '../publish/canonical.ts'
import { receiptWithQuorum } from '../record/witness-receipt.ts'
import { type HappeningDocument, readContent } from '../store/happenings.ts'
import { evidenceRoutes } from './evidence-routes.ts'
import { readable, traceable, traceableConsultation } from './readable.ts'
import { timelineOf } from './timeline.ts'

type ById = { Params: { id: string } }

/** Everything that can be asked of one document or one consultation. What may not be read is answered as not found. */
export function documentRoutes(app: FastifyInstance, hub: Hub): void {
  const reading = async (request: FastifyRequest): Promise<Caller> => {
    const caller = await authenticate(hub, request)
    requireScope(caller, 'documents:read')
    return caller
  }

  app.get<ById>('/v1/documents/:id', { schema: describe('document') }, async (request) => {
    const document = await traceable(hub, await reading(request), request.params.id)
    return { ...document, links: linksOf(document) }
  })
  app.get<ById>('/v1/documents/:id/content', { schema: describe('content') }, async (request, reply) => {
    const document = kept(await readable(hub, await reading(request), request.params.id))
    const content = await readContent(hub.store, document.id)
    if (content && !content.whole) {
      hub.events.failed('content-damaged', new Error(`the bytes of ${document.id} are not those received`))
      throw new HubError('CONTENT_DAMAGED', { value: document.id })
    }
    return await reply
      .type(document.mediaType)
      .header('content-disposition', 'attachment')
      .header('digest', `sha-256=${Buffer.from(document.sha256, 'hex').toString('base64')}`)
      .send(content?.bytes)
  })
  app.get<ById>('/v1/documents/:id/canonical', { schema: describe('canonical') }, async (request) => {
    const document = kept(await readable(hub, await reading(request), request.params.id))
    const canonical = await canonicalOf(hub, document)
    if (!canonical) throw new HubError('CANONICAL_NOT_FOUND')
    return canonical
  })
  app.get<ById>('/v1/documents/:id/receipt', { schema: describe('receipt') }, async (request) => {
    const caller = await reading(request)
    const id = parseDocumentId(request.params.id)
    const entry = await hub.store.reader
      .selectFrom('entries')
      .select(['idx', 'kind', 'account'])
      .where('id', '=', id)
      .executeTakeFirst()
    if (!entry) throw new HubError('DOCUMENT_NOT_FOUND')
    if (entry.account !== caller.account) await traceable(hub, caller, id)
    return await receiptWithQuorum(hub, entry.idx)
  })
  app.get<ById>('/v1/documents/:id/timeline', { schema: describe('timeline') }, async (request) => {
    const document = await traceable(hub, await reading(request), request.params.id)
    return { document: document.id, steps: await timelineOf(hub, document) }
  })
  consultationRoutes(app, hub, reading)
  evidenceRoutes(app, hub)
}

/** @throws HubError DOCUMENT_ERASED */
function kept(document: HappeningDocument): HappeningDocument {
  if (document.erased) throw erased(document.erased)
  return document
}

type Reading = (request: FastifyRequest) => Promise<Caller>

function consultationRoutes(app: FastifyInstance, hub: Hub, reading: Reading): void {
  app.get<ById>('/v1/consultations/:id', { schema: describe('consultation') }, async (request) => {
    const documents = await traceableConsultation(hub, await reading(request), request.params.id)
    return {
      consultation: request.params.id,
      documents: documents.map((document) => ({ ...document, links: linksOf(document) })),
    }
  })
  app.get<ById>('/v1/consultations/:id/timeline', { schema: describe('consultationTimeline') }, async (request) => {
    const documents = await traceableConsultation(hub, await reading(request), request.params.id)
    const timelines = []
    for (const document of documents)
      timelines.push({ document: document.id, kind: document.kind, steps: await timelineOf(hub, document) })
    return { consultation: request.params.id, documents: timelines }
  })
}

function linksOf({ id, kind }: HappeningDocument): Readonly<Record<string, string | boolean>> {
  const at = `/v1/documents/${id}`
  return {
    content: `${at}/content`,
    canonical: `${at}/canonical`,
    receipt: `${at}/receipt`,
    evidence: `${at}/evidence`,
    timeline: `${at}/timeline`,
    confidential: isConfidential(kind),
  }
}
