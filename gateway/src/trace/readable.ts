import { type Caller, mayReadContent, mayReadTrace } from '../authenticate/caller.ts'
import { HubError } from '../errors.ts'
import type { Hub } from '../hub.ts'
import { parseDocumentId } from '../ids.ts'
import { documentsOfConsultation, findDocument, type HappeningDocument } from '../store/happenings.ts'

type Needs = Pick<Hub, 'store'>

/** A document whose way the caller may know. What may not be read is answered as not found. @throws HubError DOCUMENT_NOT_FOUND */
export async function traceable(hub: Needs, caller: Caller, text: string): Promise<HappeningDocument> {
  const document = await findDocument(hub.store.reader, parseDocumentId(text))
  if (!document || !mayReadTrace(caller, document)) throw new HubError('DOCUMENT_NOT_FOUND')
  return document
}

/** A document whose bytes the caller may read. @throws HubError DOCUMENT_NOT_FOUND */
export async function readable(hub: Needs, caller: Caller, text: string): Promise<HappeningDocument> {
  const document = await traceable(hub, caller, text)
  if (!mayReadContent(caller, document)) throw new HubError('DOCUMENT_NOT_FOUND')
  return document
}

/** Documents of a consultation whose way the caller may know. @throws HubError CONSULTATION_NOT_FOUND when there is none */
export async function traceableConsultation(
  hub: Needs,
  caller: Caller,
  id: string,
): Promise<readonly HappeningDocument[]> {
  return some((await documentsOfConsultation(hub.store.reader, id)).filter((one) => mayReadTrace(caller, one)))
}

/** Documents of a consultation whose bytes the caller may read. @throws HubError CONSULTATION_NOT_FOUND when there is none */
export async function readableConsultation(
  hub: Needs,
  caller: Caller,
  id: string,
): Promise<readonly HappeningDocument[]> {
  return some((await traceableConsultation(hub, caller, id)).filter((one) => mayReadContent(caller, one)))
}

function some(documents: readonly HappeningDocument[]): readonly HappeningDocument[] {
  if (documents.length === 0) throw new HubError('CONSULTATION_NOT_FOUND')
  return documents
}
