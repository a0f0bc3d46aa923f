import { createHash, randomBytes, sign, type X509Certificate } from 'node:crypto'
import { idTstInfo, signedAttributes, signedData } from '../keys/cms-build.ts'
import { generalizedTime, integer, octets, oid, sequence, set, toDer } from '../keys/der-build.ts'
import type { Identity } from '../keys/make-certificates.ts'
import type { Clock, TimestampAuthority } from '../ports.ts'

/** Under the enterprise number kept for examples (RFC 5612): says "sandbox, no commitment" and nothing else. */
const policy = '1.3.6.1.4.1.32473.3161.1'
const sha256 = '2.16.840.1.101.3.4.2.1'

export interface LocalTimestampParts {
  readonly identity: Identity
  readonly clock: Clock
  /** Issuers to attach, without the trusted authority. */
  readonly chain?: readonly X509Certificate[]
}

/**
 * The sandbox's timestamp authority: real RFC 3161 responses, from a clock that is the hub's own. It proves that the
 * machinery works, never what time it was: production asks an outside authority.
 */
export function createLocalTimestampAuthority({
  identity,
  clock,
  chain = [],
}: LocalTimestampParts): TimestampAuthority {
  return {
    async stamp(data) {
      const at = clock()
      const content = toDer(
        sequence(
          integer(1),
          oid(policy),
          sequence(sequence(oid(sha256)), octets(createHash('sha256').update(data).digest())),
          integer(serialNumber()),
          generalizedTime(at),
          // Accuracy: one second
          sequence(integer(1)),
        ),
      )
      const attributes = signedAttributes({
        contentType: idTstInfo,
        messageDigest: createHash('sha256').update(content).digest(),
        signingTime: at,
        certificate: identity.certificate,
      })
      const signature = sign('sha256', toDer(set(...attributes)), identity.privateKey)
      const { certificate } = identity
      const token = signedData({ contentType: idTstInfo, content, certificate, chain, attributes, signature })
      return toDer(sequence(sequence(integer(0)), token))
    },
  }
}

/** 128 random bits, first one set low and second one high: positive, and of a constant length. */
function serialNumber(): Uint8Array {
  const serial = randomBytes(16)
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40
  return serial
}
