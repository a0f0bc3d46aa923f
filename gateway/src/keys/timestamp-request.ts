import type { TimestampDigest } from '@socle/schemas'
import { type Der, fromDer, integer, octets, oid, sequence, toDer, yes } from './der-build.ts'

/** Digests as RFC 3161 and RFC 4998 name them. */
export const digestOids: Readonly<Record<TimestampDigest, string>> = {
  sha256: '2.16.840.1.101.3.4.2.1',
  sha512: '2.16.840.1.101.3.4.2.3',
}

/** What is asked of a timestamp authority (RFC 3161 section 2.4.1). */
export interface TimestampRequest {
  readonly digest: TimestampDigest
  /** Digest of the bytes to stamp. */
  readonly imprint: Uint8Array
  /** Positive, without a leading zero. */
  readonly nonce: Uint8Array
}

/** Asks for the signer's certificate too: a token without it cannot be verified years later. */
export function buildTimestampRequest({ digest, imprint, nonce }: TimestampRequest): Buffer {
  const messageImprint = sequence(sequence(oid(digestOids[digest])), octets(imprint))
  return toDer(sequence(integer(1), messageImprint, integer(nonce), yes()))
}

/** Reads a request as the client above writes it. @throws RangeError for any other */
export function readTimestampRequest(der: Uint8Array): TimestampRequest {
  const [version, messageImprint, nonce, certificate] = membersOf(fromDer(der))
  const [, hash] = membersOf(messageImprint)
  const imprint = bytesOf(hash)
  const digest = imprint.length === 64 ? 'sha512' : 'sha256'
  const request: TimestampRequest = { digest, imprint, nonce: bytesOf(nonce) }
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
