import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign, X509Certificate } from 'node:crypto'
import {
  bits,
  type Der,
  fromDer,
  integer,
  octets,
  oid,
  printable,
  sequence,
  set,
  tagged,
  taggedBytes,
  time,
  toDer,
  utf8,
  yes,
} from './der-build.ts'

/** A key and the certificate that names it. */
export interface Identity {
  readonly privateKey: KeyObject
  readonly certificate: X509Certificate
}

export interface Subject {
  readonly organisation: string
  readonly name: string
}

export interface Validity {
  readonly from: Date
  readonly to: Date
}

export type CertificateUse = 'seal' | 'timestamp'

const ecdsaWithSha256 = '1.2.840.10045.4.3.2'

/** A self-signed P-256 authority that may sign end certificates and nothing below them. */
export function makeAuthority(subject: Subject, validity: Validity): Identity {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const name = nameOf(subject)
  const keyId = keyIdOf(publicKey)
  const certificate = signCertificate({ issuer: name, subject: name, publicKey, validity }, privateKey, [
    extension('2.5.29.19', true, sequence(yes(), integer(0))),
    // keyCertSign and cRLSign
    extension('2.5.29.15', true, bits(Uint8Array.of(0x06), 1)),
    extension('2.5.29.14', false, octets(keyId)),
  ])
  return { privateKey, certificate }
}

/**
 * A P-256 end certificate. A seal certificate is for signatures that bind (digitalSignature, nonRepudiation) and has no
 * extended usage; a timestamp certificate is for timestamps only, critically so (RFC 3161 section 2.3).
 */
export function makeIdentity(authority: Identity, use: CertificateUse, subject: Subject, validity: Validity): Identity {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const usage = use === 'seal' ? bits(Uint8Array.of(0xc0), 6) : bits(Uint8Array.of(0x80), 7)
  const purposes = use === 'seal' ? [] : [extension('2.5.29.37', true, sequence(oid('1.3.6.1.5.5.7.3.8')))]
  const issuer = fromDer(subjectDerOf(authority.certificate))
  const certificate = signCertificate({ issuer, subject: nameOf(subject), publicKey, validity }, authority.privateKey, [
    extension('2.5.29.35', false, sequence(taggedBytes(0, keyIdOf(authority.certificate.publicKey)))),
    extension('2.5.29.14', false, octets(keyIdOf(publicKey))),
    extension('2.5.29.15', true, usage),
    ...purposes,
  ])
  return { privateKey, certificate }
}

interface CertificateBody {
  readonly issuer: Der
  readonly subject: Der
  readonly publicKey: KeyObject
  readonly validity: Validity
}

function signCertificate(body: CertificateBody, key: KeyObject, extensions: readonly Der[]): X509Certificate {
  const algorithm = sequence(oid(ecdsaWithSha256))
  const serial = randomBytes(16)
  // Positive and never zero, of a constant length (RFC 5280 section 4.1.2.2).
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40
  const toSign = sequence(
    tagged(0, integer(2)),
    integer(serial),
    algorithm,
    body.issuer,
    sequence(time(body.validity.from), time(body.validity.to)),
    body.subject,
    fromDer(body.publicKey.export({ type: 'spki', format: 'der' })),
    tagged(3, sequence(...extensions)),
  )
  const signature = sign('sha256', toDer(toSign), key)
  return new X509Certificate(toDer(sequence(toSign, algorithm, bits(signature))))
}

function extension(id: string, critical: boolean, value: Der): Der {
  return sequence(oid(id), ...(critical ? [yes()] : []), octets(toDer(value)))
}

function nameOf({ organisation, name }: Subject): Der {
  return sequence(
    set(sequence(oid('2.5.4.6'), printable('FR'))),
    set(sequence(oid('2.5.4.10'), utf8(organisation))),
    set(sequence(oid('2.5.4.3'), utf8(name))),
  )
}

/** Twenty bytes of SHA-256 over the public point (RFC 7093 section 2, method 1). */
function keyIdOf(publicKey: KeyObject): Buffer {
  const point = publicKey.export({ type: 'spki', format: 'der' }).subarray(-65)
  return createHash('sha256').update(point).digest().subarray(0, 20)
}

function subjectDerOf(certificate: X509Certificate): Buffer {
  return partOf(certificate, 5)
}

/** DER of the issuer's name, as the certificate writes it. */
export function issuerDerOf(certificate: X509Certificate): Buffer {
  return partOf(certificate, 3)
}

/** DER of the serial number. */
export function serialDerOf(certificate: X509Certificate): Buffer {
  return partOf(certificate, 1)
}

/** Members of a version 3 TBSCertificate: version, serial, algorithm, issuer, validity, subject, key, extensions. */
function partOf(certificate: X509Certificate, at: number): Buffer {
  const body = membersOf(fromDer(certificate.raw))[0]
  const part = body === undefined ? undefined : membersOf(body)[at]
  if (part === undefined) throw new Error('not a version 3 certificate')
  return toDer(part)
}

function membersOf(node: Der): readonly Der[] {
  return Array.isArray(node.value) ? node.value : []
}
