import { addAbortSignal, Readable } from 'node:stream'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { maxContainers } from '../audit/consultation-layout.ts'
import { writeContainer } from '../audit/container.ts'
import { containerType } from '../audit/container-layout.ts'
import { zipChunks } from '../audit/zip-writer.ts'
import { authenticate, type Caller, requireScope } from '../authenticate/caller.ts'
import { HubError } from '../errors.ts'
import type { Hub } from '../hub.ts'
import { describe } from '../http/openapi.ts'
import { createSealTokens } from '../record/seal-token-asker.ts'
import { consultationMembers } from './consultation-evidence.ts'
import { evidenceOf } from './evidence.ts'
import { readable, readableConsultation } from './readable.ts'
import { unlessStalled } from './stalled.ts'

/** Whole consultations sent at the same time by one process: each holds a container in memory as long as its reader is slow. */
const archivesAtOnce = 4
/** A reader that takes nothing for so long is sent home. */
const stallMs = 60_000

type ById = { Params: { id: string } }

/** Evidence, of one document and of a whole consultation: what may not be read is answered as not found, or left out. */
export function evidenceRoutes(app: FastifyInstance, hub: Hub): void {
  const tokens = createSealTokens(hub)
  const reading = async (request: FastifyRequest): Promise<Caller> => {
    const caller = await authenticate(hub, request)
    requireScope(caller, 'documents:read')
    return caller
  }
  app.get<ById>('/v1/documents/:id/evidence', { schema: describe('evidence') }, async (request, reply) => {
    const document = await readable(hub, await reading(request), request.params.id)
    const { parts, level } = await evidenceOf(hub, tokens, document)
    return await reply
      .type(containerType)
      .header('content-disposition', `attachment; filename="${document.id}.asice"`)
      .header('hub-seal-level', level)
      .send(await writeContainer(parts))
  })

  let archives = 0
  app.get<ById>(
    '/v1/consultations/:id/evidence',
    { schema: describe('consultationEvidence') },
    async (request, reply) => {
      const documents = await readableConsultation(hub, await reading(request), request.params.id)
      if (documents.length > maxContainers)
        throw new HubError('CONSULTATION_TOO_LARGE', { value: String(maxContainers) })
      if (archives >= archivesAtOnce) throw new HubError('OVERLOADED', { retryAfterSeconds: 30 })
      const members = consultationMembers(hub, tokens, { consultation: request.params.id, documents })
      const archive = unlessStalled(Readable.from(zipChunks(members), { objectMode: false }), stallMs)
      // Whoever reads slowly must not hold the stop back.
      addAbortSignal(hub.stopping, archive)
      archives++
      archive.once('close', () => archives--)
      // The status has left long before: a broken connection is all that can be said.
      archive.once('error', (error) => hub.events.failed('evidence', error))
      return await reply
        .type('application/zip')
        .header('content-disposition', 'attachment; filename="consultation.zip"')
        .send(archive)
    },
  )
}
