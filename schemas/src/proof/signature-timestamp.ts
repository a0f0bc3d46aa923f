import type { X509Certificate } from 'node:crypto'
import {
  contextTag,
  type Der,
  encodeDer,
  explicit,
  members,
  octetsOf,
  oidOf,
  parseDer,
  sequence,
  sortedSet,
} from './der.ts'
import { ProofError } from './proof-error.ts'
import { type Timestamp, verifyTimestamp } from './timestamp-verify.ts'

/** id-aa-signatureTimeStampToken: RFC 5126 section 6.1.1, EN 319 122-1 clause 5.3. */
const signatureTimestampOid = '1.2.840.113549.1.9.16.2.14'

/** A CAdES-T signature taken apart. */
export interface TimedSeal {
  /** The signature without its timestamp (CAdES-B): what was logged. */
  readonly seal: Buffer
  /** The signature value, which the timestamp is over. */
  readonly value: Buffer
  /** DER of the TimeStampToken. */
  readonly token: Buffer
}

/**
 * Takes the signature timestamp off a signature. Nothing signs unsigned attributes, so the timestamp must be the only
 * one: whatever else stood there would be nobody's word.
 * @throws ProofError
 */
export function openTimedSeal(der: Uint8Array): TimedSeal {
  const root = parseDer(der)
  const signer = signerOf(root)
  const unsigned = signer.at(-1)
  if (contextTag(unsigned) !== 1) throw new ProofError('the signature has no timestamp')
  const [attribute, ...others] = members(unsigned, 'the unsigned attributes')
  const [type, values, ...rest] = sequence(attribute, 'the unsigned attribute')
  const isTimestamp = oidOf(type, 'the unsigned attribute') === signatureTimestampOid
  if (!isTimestamp || others.length > 0 || rest.length > 0)
    throw new ProofError('the signature has other unsigned attributes than its timestamp')
  const [token, ...more] = sortedSet(values, 'the signature timestamp')
  if (token === undefined || more.length > 0) throw new ProofError('the signature has not exactly one timestamp')
  const value = octetsOf(signer.at(-2), 'the signature value')
  const found = encodeDer(token)
  // The tree is ours alone: without its last member it is the signature as it was before.
  signer.pop()
  return { seal: encodeDer(root), value, token: found }
}

/**
 * Verifies that an authority saw the signature value, with every check of `verifyTimestamp`.
 * @throws ProofError with the reason
 */
export function verifyTimedSeal({ value, token }: TimedSeal, authorities: readonly X509Certificate[]): Timestamp {
  return verifyTimestamp(token, value, authorities)
}

/** The value that a signature timestamp is over. @throws ProofError */
export function signatureValueOf(der: Uint8Array): Buffer {
  const [, , , , , value] = signerOf(parseDer(der))
  return octetsOf(value, 'the signature value')
}

/** Members of the only signer. */
function signerOf(root: Der): Der[] {
  const [, body] = sequence(root, 'the signature')
  const signers = sequence(explicit(body, 0, 'the signature'), 'the signed data').at(-1)
  const [signer, ...others] = sortedSet(signers, 'the signer list')
  if (others.length > 0) throw new ProofError('the signature has several signers')
  return sequence(signer, 'the signer')
}
