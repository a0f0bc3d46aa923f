import { createHash, type X509Certificate } from 'node:crypto'
import { parseSignedData, verifySigner } from './cms-verify.ts'
import {
  algorithmOf,
  type Der,
  integerOf,
  isType,
  octetsOf,
  oidOf,
  parseDer,
  sequence,
  smallIntegerOf,
  timeOf,
} from './der.ts'
import { ProofError } from './proof-error.ts'
import { checkChain } from './x509.ts'

const idTstInfo = '1.2.840.113549.1.9.16.1.4'
const sha256Oid = '2.16.840.1.101.3.4.2.1'

export interface Timestamp {
  /** When the authority saw the bytes. */
  readonly time: Date
  /** Hexadecimal. */
  readonly serial: string
  readonly policy: string
  readonly certificate: X509Certificate
}

/**
 * Verifies an RFC 3161 response (or a bare token) over `data`: granted, SHA-256 imprint of these bytes, one signer
 * whose certificate is for timestamps only and leads to a trusted authority at the time it states.
 * @throws ProofError
 */
export function verifyTimestamp(der: Uint8Array, data: Uint8Array, authorities: readonly X509Certificate[]): Timestamp {
  const signed = parseSignedData(tokenOf(parseDer(der)))
  if (signed.contentType !== idTstInfo || signed.content === undefined) throw new ProofError('not a timestamp token')
  const info = parseTstInfo(signed.content)
  if (!info.imprint.equals(createHash('sha256').update(data).digest())) {
    throw new ProofError('the timestamp is over other bytes')
  }
  const { certificate, others } = verifySigner(signed, signed.content)
  checkChain({ certificate, others, authorities, at: info.time, use: 'timestamp' })
  return { time: info.time, serial: info.serial, policy: info.policy, certificate }
}

/** Time a token states, before any verification: for display and for planning, never as proof. */
export function timestampTimeOf(der: Uint8Array): Date {
  const { content } = parseSignedData(tokenOf(parseDer(der)))
  if (content === undefined) throw new ProofError('not a timestamp token')
  return parseTstInfo(content).time
}

function tokenOf(root: Der): Der {
  const [first, token, ...rest] = sequence(root, 'the timestamp')
  if (isType(first, 'oid')) return root
  const [status] = sequence(first, 'the timestamp status')
  // 0 granted, 1 granted with modifications (RFC 3161 section 2.4.2)
  if (smallIntegerOf(status, 'the timestamp status') > 1) throw new ProofError('the timestamp was not granted')
  if (token === undefined || rest.length > 0) throw new ProofError('the timestamp response holds no token')
  return token
}

interface TstInfo {
  readonly policy: string
  readonly imprint: Buffer
  readonly serial: string
  readonly time: Date
}

function parseTstInfo(content: Uint8Array): TstInfo {
  const [version, policy, imprint, serial, time] = sequence(parseDer(content), 'the timestamp content')
  if (smallIntegerOf(version, 'the timestamp version') !== 1) throw new ProofError('the timestamp version is unknown')
  const [algorithm, digest] = sequence(imprint, 'the timestamp imprint')
  if (algorithmOf(algorithm, 'the timestamp imprint') !== sha256Oid) throw new ProofError('the imprint is not SHA-256')
  if (!isType(time, 'generalizedTime')) throw new ProofError('the timestamp has no time')
  return {
    policy: oidOf(policy, 'the timestamp policy'),
    imprint: octetsOf(digest, 'the timestamp imprint'),
    serial: integerOf(serial, 'the timestamp serial').toString('hex'),
    time: timeOf(time, 'the timestamp time'),
  }
}
