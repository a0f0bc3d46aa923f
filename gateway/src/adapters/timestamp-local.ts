import { createHash, type X509Certificate } from 'node:crypto'
import type { Identity } from '../keys/make-certificates.ts'
import { buildTimestamp } from '../keys/timestamp-build.ts'
import type { Clock, TimestampAuthority } from '../ports.ts'
import { positiveBytes } from './timestamp-nonce.ts'

/** Under the enterprise number kept for examples (RFC 5612): says "sandbox, no commitment" and nothing else. */
const policy = '1.3.6.1.4.1.32473.3161.1'

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
    async stamp(data, accept, digest = 'sha256') {
      const token = buildTimestamp({
        policy,
        digest,
        imprint: createHash(digest).update(data).digest(),
        nonce: positiveBytes(8),
        serial: positiveBytes(16),
        time: clock(),
        accuracySeconds: 1,
        identity,
        chain,
      })
      await accept?.(token)
      return token
    },
  }
}
