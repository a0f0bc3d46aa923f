import { createHash, type X509Certificate } from 'node:crypto'
import { checkAnswer, verifyTimestampOf } from '@socle/schemas'
import { buildTimestampRequest } from '../keys/timestamp-request.ts'
import type { Clock, TimestampAuthority } from '../ports.ts'
import { positiveBytes } from './timestamp-nonce.ts'
import { postTimestampQuery } from './timestamp-post.ts'

export interface HttpTimestampSettings {
  /** http or https; may carry the name and password of an account. */
  readonly url: string
  /** Certificates that this authority's chain must lead to. */
  readonly anchors: readonly X509Certificate[]
  readonly policies: readonly string[]
  /** How far its clock may be from ours. */
  readonly windowMs: number
  readonly timeoutMs: number
  /** PEM of one more authority for its TLS certificate. */
  readonly tlsCa?: string
  readonly clock: Clock
  readonly stopping: AbortSignal
}

/**
 * An outside RFC 3161 authority over HTTP. Whatever comes back is hostile until every check has passed: those of
 * `verifyTimestampOf` and `checkAnswer`, then the caller's own.
 */
export function createHttpTimestampAuthority(settings: HttpTimestampSettings): TimestampAuthority {
  const { anchors, policies, windowMs, clock } = settings
  return {
    async stamp(data, accept, digest = 'sha256') {
      const nonce = positiveBytes(8)
      const hash = createHash(digest).update(data).digest()
      const query = buildTimestampRequest({ digest, imprint: hash, nonce })
      const from = clock()
      const token = await postTimestampQuery(settings, query)
      const to = clock()
      const stamp = verifyTimestampOf(token, { digest, hash }, anchors)
      checkAnswer(stamp, { nonce: nonce.toString('hex'), policies, from, to, windowMs })
      await accept?.(token)
      return token
    },
  }
}
