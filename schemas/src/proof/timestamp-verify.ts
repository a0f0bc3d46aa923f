import { createHash, type X509Certificate } from 'node:crypto'
import { parseSignedData, verifySigner } from './cms-verify.ts'
import { parseDer } from './der.ts'
import { ProofError } from './proof-error.ts'
import { checkStrength } from './timestamp-chain.ts'
import { parseTimestampContent, type TimestampDigest } from './timestamp-content.ts'
import { tokenOf } from './timestamp-response.ts'
import { checkChain } from './x509.ts'

const idTstInfo = '1.2.840.113549.1.9.16.1.4'

/** Digest of what was stamped, and by which function. */
export interface Imprint {
  readonly digest: TimestampDigest
  readonly hash: Uint8Array
}

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
  const hash = createHash('sha256').update(data).digest()
  const { chain: _, ...timestamp } = verifyTimestampOf(der, { digest: 'sha256', hash }, authorities)
  return timestamp
}

/** A timestamp with the way that was taken to the trusted authority: the signer's certificate first. */
export interface ChainedTimestamp extends Timestamp {
  readonly chain: readonly X509Certificate[]
}

/** The same over bytes of which only the digest is at hand: root of a hash tree, token of an evidence record. @throws ProofError */
export function verifyTimestampOf(
  der: Uint8Array,
  wanted: Imprint,
  authorities: readonly X509Certificate[],
): ChainedTimestamp {
  const signed = parseSignedData(tokenOf(parseDer(der)))
  if (signed.contentType !== idTstInfo || signed.content === undefined) throw new ProofError('not a timestamp token')
  const { imprint, digest, ...content } = parseTimestampContent(signed.content)
  if (digest !== wanted.digest) throw new ProofError(`the imprint is not ${wanted.digest.replace('sha', 'SHA-')}`)
  if (!imprint.equals(wanted.hash)) throw new ProofError('the timestamp is over other bytes')
  const { certificate, others } = verifySigner(signed, signed.content)
  const chain = checkChain({ certificate, others, authorities, at: content.time, use: 'timestamp' })
  checkStrength(chain)
  return { ...content, certificate, chain }
}
