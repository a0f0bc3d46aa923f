import {
  algorithmOf,
  booleanOf,
  contextTag,
  type Der,
  integerOf,
  isType,
  members,
  octetsOf,
  oidOf,
  parseDer,
  sequence,
  smallIntegerOf,
  timeOf,
} from './der.ts'
import { ProofError } from './proof-error.ts'

/** Digests that an imprint may be: SHA-256 everywhere but in an evidence record renewed by another hash tree (RFC 4998). */
export type TimestampDigest = 'sha256' | 'sha512'

export const digestsByOid: Readonly<Record<string, TimestampDigest>> = {
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.3': 'sha512',
}

/** What a token says when it does not say how exact it is: as exact as its seconds. */
const unsaidAccuracyMs = 1_000
/** A clock that may be further off than this dates nothing. */
const maxAccuracyMs = 60_000

/** TSTInfo (RFC 3161 section 2.4.2). */
export interface TimestampContent {
  readonly policy: string
  readonly digest: TimestampDigest
  /** Digest of the bytes stamped. */
  readonly imprint: Buffer
  /** Hexadecimal. */
  readonly serial: string
  readonly time: Date
  /** The true time is at most this far from `time`; rounded up to the millisecond. */
  readonly accuracyMs: number
  /** Hexadecimal; undefined when the request had none. */
  readonly nonce: string | undefined
}

/** @throws ProofError */
export function parseTimestampContent(content: Uint8Array): TimestampContent {
  const [version, policy, imprint, serial, time, ...optional] = sequence(parseDer(content), 'the timestamp content')
  if (smallIntegerOf(version, 'the timestamp version') !== 1) throw new ProofError('the timestamp version is unknown')
  const [algorithm, hash] = sequence(imprint, 'the timestamp imprint')
  const digest = digestsByOid[algorithmOf(algorithm, 'the timestamp imprint')]
  if (digest === undefined) throw new ProofError('the imprint is not SHA-256')
  if (!isType(time, 'generalizedTime')) throw new ProofError('the timestamp has no time')
  return {
    policy: oidOf(policy, 'the timestamp policy'),
    digest,
    imprint: octetsOf(hash, 'the timestamp imprint'),
    serial: integerOf(serial, 'the timestamp serial').toString('hex'),
    time: timeOf(time, 'the timestamp time'),
    ...readOptional(optional),
  }
}

/** Accuracy, ordering, nonce, name of the authority [0], extensions [1]: each may be missing, none may come twice. */
function readOptional(nodes: readonly Der[]): Pick<TimestampContent, 'accuracyMs' | 'nonce'> {
  let accuracyMs = unsaidAccuracyMs
  let nonce: string | undefined
  let last = -1
  for (const node of nodes) {
    const place = placeOf(node)
    if (place <= last) throw new ProofError('the timestamp content is malformed')
    last = place
    if (place === 0) accuracyMs = accuracyOf(node)
    if (place === 1) booleanOf(node, 'the timestamp ordering')
    if (place === 2) nonce = integerOf(node, 'the timestamp nonce').toString('hex')
    if (place === 4) refuseCritical(members(node, 'the timestamp extensions'))
  }
  return { accuracyMs, nonce }
}

function placeOf(node: Der): number {
  if (isType(node, 'sequence')) return 0
  if (isType(node, 'boolean')) return 1
  if (isType(node, 'integer')) return 2
  const tag = contextTag(node)
  return tag === 0 || tag === 1 ? 3 + tag : -1
}

/** Seconds, milliseconds [0], microseconds [1]. */
function accuracyOf(node: Der): number {
  let microseconds = 0
  let last = -1
  for (const part of sequence(node, 'the accuracy')) {
    const tag = contextTag(part)
    const place = tag === undefined ? 0 : tag + 1
    if (place <= last || place > 2) throw new ProofError('the accuracy is malformed')
    last = place
    if (tag === undefined) microseconds += smallIntegerOf(part, 'the accuracy') * 1_000_000
    else microseconds += fractionOf(part) * (tag === 0 ? 1_000 : 1)
  }
  const accuracyMs = Math.ceil(microseconds / 1_000)
  if (accuracyMs > maxAccuracyMs) throw new ProofError(`the timestamp is exact to ${accuracyMs} ms only`)
  return accuracyMs
}

/** 1 to 999, as an IMPLICIT INTEGER. */
function fractionOf({ value, constructed }: Der): number {
  const bytes = typeof value === 'string' && !constructed ? Buffer.from(value, 'latin1') : Buffer.alloc(0)
  const number = bytes.length === 1 || bytes.length === 2 ? bytes.readIntBE(0, bytes.length) : 0
  if (number < 1 || number > 999) throw new ProofError('the accuracy is malformed')
  return number
}

/** None is understood here, so none may insist. */
function refuseCritical(extensions: readonly Der[]): void {
  for (const extension of extensions) {
    const [id, second] = sequence(extension, 'a timestamp extension')
    const critical = isType(second, 'boolean') && booleanOf(second, 'a timestamp extension')
    if (critical)
      throw new ProofError(`a critical timestamp extension is unknown: ${oidOf(id, 'a timestamp extension')}`)
  }
}
