import { type Canonical, compareWithRequest } from '@socle/mappings'
import { type DumeRequest, type DumeResponse, finding, type Finding } from '@socle/schemas'
import type { Reader } from '../store/database.ts'
import { type Routing, requestKey } from './routing.ts'

/** A request the hub holds, found but not yet read. */
export interface HeldRequest {
  readonly id: string
  readonly kind: 'dume-request'
}

type ReadHeld = (held: HeldRequest) => Promise<Canonical | undefined>

/** Requests of one procedure looked at for a response that cites none by UUID, newest first. */
const mostLookedAt = 8

/**
 * What an e-DUME response changed of the request it answers, when the hub holds that request: from the same buyer, in the
 * same procedure, so that nobody can stand in a candidate's way with a request of his own.
 */
export async function requestFindings(
  reader: Reader,
  { buyer, consultation }: Routing,
  response: Canonical | undefined,
  read: ReadHeld,
): Promise<readonly Finding[]> {
  if (response?.kind !== 'dume-response' || buyer === '') return []
  const uuid = response.requestRef?.uuid
  let rows = reader
    .selectFrom('documents')
    .select('id')
    .where('consultation', '=', consultation)
    .where('buyer', '=', buyer)
    .where('kind', '=', 'dume-request')
    .where('stored_as', '!=', 'erased')
  if (uuid !== undefined) rows = rows.where('source_key', '=', requestKey(uuid))
  const found = await rows.orderBy('idx', 'desc').limit(mostLookedAt).execute()
  const held: DumeRequest[] = []
  for (const { id } of found) {
    const request = await read({ id, kind: 'dume-request' })
    if (request?.kind === 'dume-request') held.push(request)
  }
  return compareWithHeld(response, held)
}

/** `held` are the requests of the procedure, newest first. */
export function compareWithHeld(response: DumeResponse, held: readonly DumeRequest[]): readonly Finding[] {
  const request = requestOf(response, held)
  if (request !== undefined) return compareWithRequest(response, request)
  const value = response.requestRef?.uuid ?? response.requestRef?.id ?? response.procedureRef
  return [finding('ESPD-REQUEST-NOT-HELD', { xpath: '/*/cac:AdditionalDocumentReference', value })]
}

/** By UUID, else by id; a response that cites no request answers the only one there is. */
function requestOf({ requestRef }: DumeResponse, held: readonly DumeRequest[]): DumeRequest | undefined {
  if (requestRef?.uuid !== undefined) return held.find(({ uuid }) => uuid === requestRef.uuid)
  if (requestRef?.id !== undefined) return held.find(({ id }) => id === requestRef.id)
  const [only, ...others] = held
  return others.length === 0 ? only : undefined
}
