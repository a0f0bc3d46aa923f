import { type Der, fromDer, integer, octets, oid, sequence, toDer, yes } from './der-build.ts'

export const sha256Oid = '2.16.840.1.101.3.4.2.1'

/** What is asked of a timestamp authority (RFC 3161 section 2.4.1). */
export interface TimestampRequest {
  /** SHA-256 of the bytes to stamp. */
  readonly imprint: Uint8Array
  /** Positive, without a leading zero. */
  readonly nonce: Uint8Array
}

/** Asks for the signer's certificate too: a token without it cannot be verified years later. */
export function buildTimestampRequest({ imprint, nonce }: TimestampRequest): Buffer {
  return toDer(sequence(integer(1), sequence(sequence(oid(sha256Oid)), octets(imprint)), integer(nonce), yes()))
}

/** Reads a request as the client above writes it. @throws RangeError for any other */
export function readTimestampRequest(der: Uint8Array): TimestampRequest {
  const [version, messageImprint, nonce, certificate] = membersOf(fromDer(der))
  const [, digest] = membersOf(messageImprint)
  const request = { imprint: bytesOf(digest), nonce: bytesOf(nonce) }
  const isOurs = version !== undefined && certificate !== undefined && request.nonce.length > 0
  if (!isOurs || !buildTimestampRequest(request).equals(der))
    throw new RangeError('a timestamp request of another form')
  return request
}

function membersOf(node: Der | undefined): readonly Der[] {
  return Array.isArray(node?.value) ? node.value : []
}

function bytesOf(node: Der | undefined): Buffer {
  return Buffer.from(typeof node?.value === 'string' ? node.value : '', 'latin1')
}
