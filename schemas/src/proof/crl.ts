import { verify, type X509Certificate } from 'node:crypto'
import {
  algorithmOf,
  bitsOf,
  contextTag,
  type Der,
  encodeDer,
  explicit,
  integerOf,
  isType,
  members,
  parseDer,
  sequence,
  smallIntegerOf,
  timeOf,
} from './der.ts'
import { ProofError } from './proof-error.ts'
import { extensionsOf, maySignLists, partsOf } from './x509.ts'

/** Why and since when a certificate is no longer good. */
export interface Revocation {
  /** The earlier of the revocation and, when given, the invalidity date. */
  readonly at: Date
  /** Reason of RFC 5280 section 5.3.1: `keyCompromise`, `superseded`… */
  readonly reason: string
}

/** A certificate revocation list (RFC 5280 section 5), read and not yet verified. */
export interface RevocationList {
  /** DER of the issuer's name. */
  readonly issuer: Buffer
  readonly thisUpdate: Date
  /** A newer list is there by then. */
  readonly nextUpdate: Date
  /** By serial number, hexadecimal. */
  readonly revoked: ReadonlyMap<string, Revocation>
  /** Names of the distribution point that the list is for (DER), when it is not for every certificate of its issuer. */
  readonly points: readonly Buffer[] | undefined
  readonly signed: { readonly bytes: Buffer; readonly algorithm: string; readonly signature: Buffer }
}

/** Some 40 000 revoked certificates, which take a second to read (once a list); most authorities have far fewer. */
export const maxListBytes = 2_097_152
const maxLists = 16

const signatures: Readonly<Record<string, readonly ['ec' | 'rsa', string]>> = {
  '1.2.840.10045.4.3.2': ['ec', 'sha256'],
  '1.2.840.10045.4.3.3': ['ec', 'sha384'],
  '1.2.840.10045.4.3.4': ['ec', 'sha512'],
  '1.2.840.113549.1.1.11': ['rsa', 'sha256'],
  '1.2.840.113549.1.1.12': ['rsa', 'sha384'],
  '1.2.840.113549.1.1.13': ['rsa', 'sha512'],
}

const reasons = [
  'unspecified',
  'keyCompromise',
  'cACompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'certificateHold',
  'unused',
  'removeFromCRL',
  'privilegeWithdrawn',
  'aACompromise',
] as const

const issuingDistributionPoint = '2.5.29.28'
const reasonCode = '2.5.29.21'
const invalidityDate = '2.5.29.24'
const distributionPoints = '2.5.29.31'

/** The lists of a file: one in DER, or any number in PEM. @throws ProofError */
export function parseRevocationLists(file: Uint8Array): RevocationList[] {
  if (file.length > maxListBytes * 2) throw new ProofError('the revocation list is too large')
  const bytes = Buffer.from(file)
  if (bytes[0] === 0x30) return [parseList(bytes)]
  const blocks =
    bytes.toString('latin1').match(/-----BEGIN X509 CRL-----[A-Za-z0-9+/=\s]+-----END X509 CRL-----/g) ?? []
  if (blocks.length === 0 || blocks.length > maxLists) throw new ProofError('no revocation list in the file')
  return blocks.map((block) => parseList(Buffer.from(block.replaceAll(/-----[^-]+-----/g, ''), 'base64')))
}

function parseList(der: Buffer): RevocationList {
  const [body, outer, signature, ...after] = sequence(parseDer(der, maxListBytes), 'the revocation list')
  if (body === undefined || after.length > 0) throw new ProofError('the revocation list is malformed')
  const [version, inner, issuer, thisUpdate, nextUpdate, ...rest] = sequence(body, 'the revocation list')
  if (smallIntegerOf(version, 'the version of the revocation list') !== 1)
    throw new ProofError('the revocation list is not version 2')
  const algorithm = algorithmOf(outer, 'the algorithm of the revocation list')
  if (algorithm !== algorithmOf(inner, 'the algorithm of the revocation list'))
    throw new ProofError('the revocation list names two algorithms')
  if (
    issuer === undefined ||
    nextUpdate === undefined ||
    isType(nextUpdate, 'sequence') ||
    contextTag(nextUpdate) === 0
  )
    throw new ProofError('the revocation list does not say until when it counts')
  const entries = isType(rest[0], 'sequence') ? sequence(rest[0], 'the revoked certificates') : []
  const block = rest.find((node) => contextTag(node) === 0)
  return {
    issuer: encodeDer(issuer),
    thisUpdate: timeOf(thisUpdate, 'the time of the revocation list'),
    nextUpdate: timeOf(nextUpdate, 'the time of the next revocation list'),
    revoked: new Map(entries.map(readEntry)),
    points: block === undefined ? undefined : readScope(explicit(block, 0, 'the extensions of the revocation list')),
    signed: { bytes: encodeDer(body), algorithm, signature: bitsOf(signature, 'the signature of the revocation list') },
  }
}

function readEntry(node: Der): [string, Revocation] {
  const [serial, revokedAt, block] = sequence(node, 'a revoked certificate')
  let at = timeOf(revokedAt, 'the time of a revocation')
  let reason: string = reasons[0]
  for (const [oid, { critical, value }] of block === undefined ? [] : extensionsOf(block)) {
    if (oid === reasonCode) reason = reasonIn(value)
    else if (oid === invalidityDate) {
      const since = timeOf(parseDer(value), 'the invalidity date')
      if (since < at) at = since
    } else if (critical) throw new ProofError(`a critical extension of a revocation is unknown: ${oid}`)
  }
  return [integerOf(serial, 'the serial of a revoked certificate').toString('hex'), { at, reason }]
}

/** ENUMERATED, one byte. */
function reasonIn(value: Buffer): string {
  const reason = value.length === 3 && value[0] === 10 && value[1] === 1 ? reasons[value[2] ?? -1] : undefined
  if (reason === undefined) throw new ProofError('the reason of a revocation is unknown')
  return reason
}

/**
 * A list may be for some certificates only (RFC 5280 section 5.2.5). One for a distribution point is taken, and compared
 * with the certificate; one for authorities, for some reasons, for others' certificates or with changes only is not.
 */
function readScope(block: Der): readonly Buffer[] | undefined {
  let points: readonly Buffer[] | undefined
  for (const [oid, { critical, value }] of extensionsOf(block)) {
    if (oid === issuingDistributionPoint) points = pointsIn(value)
    else if (critical) throw new ProofError(`a critical extension of the revocation list is unknown: ${oid}`)
  }
  return points
}

function pointsIn(value: Buffer): readonly Buffer[] | undefined {
  const fields = sequence(parseDer(value), 'the scope of the revocation list')
  // [1] onlyContainsUserCerts is what ours is.
  const other = fields.find((field) => ![0, 1].includes(contextTag(field) ?? -1))
  if (other !== undefined) throw new ProofError('the revocation list is not for such certificates')
  const name = fields.find((field) => contextTag(field) === 0)
  return name === undefined ? undefined : namesOf(name)
}

/** DistributionPointName with full names, as their encodings. */
function namesOf(node: Der): readonly Buffer[] {
  const full = explicit(node, 0, 'a distribution point')
  if (contextTag(full) !== 0) throw new ProofError('a distribution point is named by half')
  return members(full, 'a distribution point').map(encodeDer)
}

/**
 * Whether a verified list has the certificate.
 * @param issuer the authority that issued the certificate, and signs the list
 * @throws ProofError when the list is of somebody else, for other certificates, or not signed by the issuer
 */
export function revocationIn(
  list: RevocationList,
  certificate: X509Certificate,
  issuer: X509Certificate,
): Revocation | undefined {
  const parts = partsOf(certificate)
  const authority = partsOf(issuer)
  if (![parts.issuer, authority.subject].some((name) => encodeDer(name).equals(list.issuer)))
    throw new ProofError('the revocation list is of another issuer')
  if (!maySignLists(authority)) throw new ProofError('the issuer may not sign revocation lists')
  checkSigned(list, issuer)
  checkScope(list, parts.extensions.get(distributionPoints)?.value)
  return list.revoked.get(integerOf(parts.serial, 'the serial').toString('hex'))
}

function checkSigned({ signed }: RevocationList, { publicKey }: X509Certificate): void {
  const [family, digest] = signatures[signed.algorithm] ?? []
  if (family === undefined || publicKey.asymmetricKeyType !== family)
    throw new ProofError(`the signature algorithm ${signed.algorithm} of the revocation list is not accepted`)
  if (!verify(digest, signed.bytes, publicKey, signed.signature))
    throw new ProofError('the signature of the revocation list does not verify')
}

function checkScope({ points }: RevocationList, extension: Buffer | undefined): void {
  if (points === undefined) return
  const given = extension === undefined ? [] : sequence(parseDer(extension), 'the distribution points')
  const names = given.flatMap((point) =>
    sequence(point, 'a distribution point')
      .filter((field) => contextTag(field) === 0)
      .flatMap((field) => namesOf(field)),
  )
  if (!points.some((point) => names.some((name) => name.equals(point))))
    throw new ProofError('the revocation list is for another distribution point')
}
