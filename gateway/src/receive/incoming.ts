import type { IncomingHttpHeaders } from 'node:http'
import { judgeSiret } from '@socle/mappings'
import type { Kind } from '@socle/schemas'
import { HubError } from '../errors.ts'
import { parseIdempotencyKey } from '../http/idempotency-key.ts'
import type { SenderHints } from '../map/routing.ts'

/** A deposit as it came: the exact bytes and what the sender said about them. */
export interface Incoming {
  readonly kind: Kind
  readonly bytes: Uint8Array
  readonly idempotencyKey: string
  readonly mediaType: string
  readonly hints: SenderHints
}

/** @throws HubError KEY_MISSING, BODY_EMPTY, HEADER_INVALID */
export function readIncoming(kind: Kind, headers: IncomingHttpHeaders, body: unknown): Incoming {
  const said = readHeaders(headers)
  if (!(body instanceof Uint8Array) || body.length === 0) throw new HubError('BODY_EMPTY')
  return { kind, bytes: body, ...said }
}

/**
 * What the sender says of a document, or of a file of several. A rehearsal needs no key.
 * @throws HubError KEY_MISSING, HEADER_INVALID
 */
export function readHeaders(
  headers: IncomingHttpHeaders,
  isRehearsal = false,
): Pick<Incoming, 'idempotencyKey' | 'mediaType' | 'hints'> {
  const idempotencyKey = isRehearsal ? 'dry-run' : parseIdempotencyKey(headers['idempotency-key'])
  const buyer = header(headers, 'hub-buyer')
  if (buyer !== undefined && judgeSiret(buyer) !== 'valid')
    throw new HubError('HEADER_INVALID', { value: 'Hub-Buyer: SIRET' })
  const consultation = header(headers, 'hub-consultation')
  if (consultation !== undefined && !/^(?!\.{1,2}$)[\x21-\x7e]{1,200}$/.test(consultation))
    throw new HubError('HEADER_INVALID', { value: 'Hub-Consultation: 1-200' })
  return { idempotencyKey, mediaType: mediaTypeOf(headers['content-type']), hints: { buyer, consultation } }
}

function header(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name]
  return typeof value === 'string' ? value : undefined
}

/** The media type is the sender's word: kept for the record, never used to tell the format. */
function mediaTypeOf(text: string | undefined): string {
  const type = (text ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  return /^[\w.+-]{1,60}\/[\w.+-]{1,60}$/.test(type) ? type : 'application/octet-stream'
}
