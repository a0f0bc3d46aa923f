import { createHash, sign, type X509Certificate } from 'node:crypto'
import { idTstInfo, signedAttributes, signedData } from './cms-build.ts'
import { generalizedTime, integer, octets, oid, sequence, set, toDer } from './der-build.ts'
import type { Identity } from './make-certificates.ts'
import { digestOids, type TimestampRequest } from './timestamp-request.ts'

/** What a token says (TSTInfo, RFC 3161 section 2.4.2), and who signs it. */
export interface TimestampFields extends TimestampRequest {
  readonly policy: string
  readonly serial: Uint8Array
  readonly time: Date
  /** Whole seconds. */
  readonly accuracySeconds: number
  readonly identity: Identity
  /** Issuers to attach, without the trusted authority. */
  readonly chain: readonly X509Certificate[]
  /** Certificate that the signed attributes name: the signer's own, but for an authority that lies. */
  readonly named?: X509Certificate
}

/** A granted response with its token, ECDSA P-256 and SHA-256. */
export function buildTimestamp(fields: TimestampFields): Buffer {
  const { policy, digest, imprint, serial, time, accuracySeconds, nonce, identity, chain } = fields
  const { certificate, privateKey } = identity
  const content = toDer(
    sequence(
      integer(1),
      oid(policy),
      sequence(sequence(oid(digestOids[digest])), octets(imprint)),
      integer(serial),
      generalizedTime(time),
      sequence(integer(accuracySeconds)),
      integer(nonce),
    ),
  )
  const attributes = signedAttributes({
    contentType: idTstInfo,
    messageDigest: createHash('sha256').update(content).digest(),
    signingTime: time,
    certificate: fields.named ?? certificate,
  })
  const signature = sign('sha256', toDer(set(...attributes)), privateKey)
  const token = signedData({ contentType: idTstInfo, content, certificate, chain, attributes, signature })
  return toDer(sequence(sequence(integer(0)), token))
}

/** Another response than a granted one: its status, without a token. */
export function buildTimestampRefusal(status: number): Buffer {
  return toDer(sequence(sequence(integer(status))))
}
