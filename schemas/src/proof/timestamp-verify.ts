import { createHash, type X509Certificate } from 'node:crypto'
import { parseSignedData, verifySigner } from './cms-verify.ts'
import { parseDer } from './der.ts'
import { ProofError } from './proof-error.ts'
import { checkStrength } from './timestamp-chain.ts'
import { parseTimestampContent } from './timestamp-content.ts'
import { tokenOf } from './timestamp-response.ts'
import { checkChain } from './x509.ts'

const idTstInfo = '1.2.840.113549.1.9.16.1.4'

export interface Timestamp {
  /** When the authority saw the bytes. */
  readonly time: Date
  /** The true time is at most this far from `time`; one second when the token does not say. */
  readonly accuracyMs: number
  /** Hexadecimal. */
  readonly serial: string
  readonly policy: string
  /** Hexadecimal; undefined when the token answers a request without one. */
  readonly nonce: string | undefined
  /** The signer's: says which authority spoke. */
  readonly certificate: X509Certificate
}

/**
 * Verifies an RFC 3161 response (or a bare token) over `data`: granted, SHA-256 imprint of these bytes, one signer whose
 * certificate is named by the signed attributes, is for timestamps only, and leads to a trusted authority at the time it
 * states, by algorithms that hold. What only the asker knows (nonce, policies, own clock) is asked by `checkAnswer`.
 * @throws ProofError with the reason
 */
export function verifyTimestamp(der: Uint8Array, data: Uint8Array, authorities: readonly X509Certificate[]): Timestamp {
  const signed = parseSignedData(tokenOf(parseDer(der)))
  if (signed.contentType !== idTstInfo || signed.content === undefined) throw new ProofError('not a timestamp token')
  const { imprint, ...content } = parseTimestampContent(signed.content)
  if (!imprint.equals(createHash('sha256').update(data).digest())) {
    throw new ProofError('the timestamp is over other bytes')
  }
  const { certificate, others } = verifySigner(signed, signed.content)
  const chain = checkChain({ certificate, others, authorities, at: content.time, use: 'timestamp' })
  checkStrength(chain)
  return { ...content, certificate }
}
