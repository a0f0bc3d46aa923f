import { X509Certificate } from 'node:crypto'
import { booleanOf, contextTag, type Der, explicit, isType, octetsOf, oidOf, parseDer, sequence } from './der.ts'
import { ProofError } from './proof-error.ts'

/** What the end certificate must be for. */
export type CertificateUse = 'seal' | 'timestamp'

export interface Extension {
  readonly critical: boolean
  /** DER of the extension's own structure. */
  readonly value: Buffer
}

/** Members of a certificate that node:crypto does not give. */
export interface CertificateParts {
  readonly serial: Der
  readonly issuer: Der
  readonly subject: Der
  readonly extensions: ReadonlyMap<string, Extension>
}

const basicConstraints = '2.5.29.19'
const keyUsage = '2.5.29.15'
const extendedKeyUsage = '2.5.29.37'
const subjectKeyId = '2.5.29.14'
const timeStamping = '1.3.6.1.5.5.7.3.8'
/**
 * Extended usages under which documents may be signed: any, e-mail protection, document signing (RFC 9336), and the
 * two that vendors had before it. A certificate that is limited to others (TLS, code) may not seal.
 */
const sealing = new Set([
  '2.5.29.37.0',
  '1.3.6.1.5.5.7.3.4',
  '1.3.6.1.5.5.7.3.36',
  '1.3.6.1.4.1.311.10.3.12',
  '1.2.840.113583.1.1.5',
])
/** Critical extensions that this check understands, or that restrict nothing it relies on (certificate policies). */
const understood = new Set([basicConstraints, keyUsage, extendedKeyUsage, '2.5.29.32'])
const maxChain = 5

/** @throws ProofError */
export function partsOf(certificate: X509Certificate): CertificateParts {
  const [body] = sequence(parseDer(certificate.raw), 'the certificate')
  const fields = sequence(body, 'the certificate')
  const offset = contextTag(fields[0]) === 0 ? 1 : 0
  const serial = fields[offset]
  const issuer = fields[offset + 2]
  const subject = fields[offset + 4]
  if (serial === undefined || issuer === undefined || subject === undefined)
    throw new ProofError('the certificate is malformed')
  const block = fields.find((field) => contextTag(field) === 3)
  const extensions =
    block === undefined ? new Map<string, Extension>() : extensionsOf(explicit(block, 3, 'the extensions'))
  return { serial, issuer, subject, extensions }
}

/** Extensions of a certificate, a revocation list or an entry of one, by their object identifiers. @throws ProofError */
export function extensionsOf(list: Der): ReadonlyMap<string, Extension> {
  const extensions = new Map<string, Extension>()
  for (const node of sequence(list, 'the extensions')) {
    const [id, second, third] = sequence(node, 'an extension')
    const critical = isType(second, 'boolean') && booleanOf(second, 'an extension')
    const oid = oidOf(id, 'an extension')
    if (extensions.has(oid)) throw new ProofError('an extension is given twice')
    extensions.set(oid, { critical, value: octetsOf(third ?? second, 'an extension') })
  }
  return extensions
}

/** Whether the certificate may sign revocation lists: it says so, or says nothing of what it may do. */
export function maySignLists({ extensions }: CertificateParts): boolean {
  const usage = extensions.get(keyUsage)
  return usage === undefined || (usageBits(usage) & 0x02) !== 0
}

/** Subject key identifier, when the certificate has one. */
export function subjectKeyIdOf(parts: CertificateParts): Buffer | undefined {
  const extension = parts.extensions.get(subjectKeyId)
  return extension === undefined ? undefined : octetsOf(parseDer(extension.value), 'the subject key identifier')
}

export interface ChainRequest {
  readonly certificate: X509Certificate
  /** Certificates that came along: untrusted, only links towards an authority. */
  readonly others: readonly X509Certificate[]
  readonly authorities: readonly X509Certificate[]
  readonly at: Date
  readonly use: CertificateUse
}

/**
 * Follows issuers from a certificate to a trusted authority: signatures, validity at `at`, authority flags, key usages.
 * Revocation is not looked at: it needs the network; callers say so in their report.
 * @returns the way taken: the certificate first, the trusted authority last
 * @throws ProofError with the reason
 */
export function checkChain({ certificate, others, authorities, at, use }: ChainRequest): readonly X509Certificate[] {
  if (authorities.length === 0) throw new ProofError('no trusted authority was given')
  checkValidity(certificate, at)
  checkEndCertificate(partsOf(certificate), use)
  let current = certificate
  const way = [certificate]
  for (let below = 0; below < maxChain; below += 1) {
    const trusted = authorities.find((authority) => isIssuedBy(current, authority))
    const issuer = trusted ?? others.find((other) => !isSame(other, current) && isIssuedBy(current, other))
    if (issuer === undefined) break
    checkValidity(issuer, at)
    checkAuthority(issuer, below)
    way.push(issuer)
    if (trusted !== undefined) return way
    current = issuer
  }
  throw new ProofError('the certificate does not lead to the trusted authority')
}

function isSame(left: X509Certificate, right: X509Certificate): boolean {
  return left.fingerprint256 === right.fingerprint256
}

function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)
}

function checkValidity(certificate: X509Certificate, at: Date): void {
  const from = Date.parse(certificate.validFrom)
  const to = Date.parse(certificate.validTo)
  // Certificate times have whole seconds and the last one counts.
  if (!(from <= at.getTime() && at.getTime() < to + 1000)) {
    throw new ProofError(`a certificate is not valid at ${at.toISOString()}`)
  }
}

function checkCritical(parts: CertificateParts): void {
  for (const [oid, { critical }] of parts.extensions) {
    if (critical && !understood.has(oid)) throw new ProofError(`a critical certificate extension is unknown: ${oid}`)
  }
}

function checkEndCertificate(parts: CertificateParts, use: CertificateUse): void {
  checkCritical(parts)
  const usage = parts.extensions.get(keyUsage)
  if (usage !== undefined && (usageBits(usage) & 0xc0) === 0) {
    throw new ProofError('the certificate is not meant for signing')
  }
  const extended = parts.extensions.get(extendedKeyUsage)
  const purposes = extended === undefined ? [] : purposesOf(extended)
  const timestamping = extended?.critical === true && purposes.length === 1 && purposes[0] === timeStamping
  if (use === 'timestamp' && !timestamping) throw new ProofError('the certificate is not meant for timestamps only')
  if (use === 'seal') checkSealing(parts, extended && purposes)
}

function checkSealing({ extensions }: CertificateParts, purposes: readonly string[] | undefined): void {
  if (purposes?.includes(timeStamping)) throw new ProofError('a timestamp certificate cannot seal')
  if (purposes && !purposes.some((purpose) => sealing.has(purpose)))
    throw new ProofError('the extended key usage of the certificate excludes signing documents')
  const constraints = extensions.get(basicConstraints)
  const [flag] = constraints === undefined ? [] : sequence(parseDer(constraints.value), 'the basic constraints')
  if (isType(flag, 'boolean') && booleanOf(flag, 'the basic constraints'))
    throw new ProofError('the certificate of an authority cannot seal')
}

function purposesOf(extension: Extension): string[] {
  return sequence(parseDer(extension.value), 'the extended key usage').map((node) => oidOf(node, 'a key purpose'))
}

/** First octet of the KeyUsage bits (after tag, length and count of unused bits): 0x80 digitalSignature, 0x40 nonRepudiation, 0x04 keyCertSign. */
function usageBits({ value }: Extension): number {
  if (value[0] !== 3 || value.length < 4) throw new ProofError('the key usage is malformed')
  return value.readUInt8(3)
}

function checkAuthority(issuer: X509Certificate, below: number): void {
  const parts = partsOf(issuer)
  checkCritical(parts)
  const constraints = parts.extensions.get(basicConstraints)
  if (!issuer.ca || constraints === undefined) throw new ProofError('an issuer is not an authority')
  const [flag, length] = sequence(parseDer(constraints.value), 'the basic constraints')
  if (!booleanOf(flag, 'the basic constraints')) throw new ProofError('an issuer is not an authority')
  if (length !== undefined && below > smallLength(length)) throw new ProofError('the certificate chain is too long')
  const usage = parts.extensions.get(keyUsage)
  if (usage !== undefined && (usageBits(usage) & 0x04) === 0)
    throw new ProofError('an issuer may not sign certificates')
}

function smallLength(node: Der): number {
  const value = typeof node.value === 'string' ? node.value : ''
  if (!isType(node, 'integer') || value.length !== 1) throw new ProofError('the basic constraints are malformed')
  return value.charCodeAt(0)
}

/** Certificates of a PEM text, in order. @throws ProofError when there is none, or one cannot be read */
export function parseCertificates(pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g) ?? []
  if (blocks.length === 0) throw new ProofError('no certificate in the PEM text')
  return blocks.map((block) => parseCertificate(block))
}

export function parseCertificate(source: Uint8Array | string): X509Certificate {
  try {
    return new X509Certificate(typeof source === 'string' ? source : Buffer.from(source))
  } catch {
    throw new ProofError('a certificate cannot be read')
  }
}
