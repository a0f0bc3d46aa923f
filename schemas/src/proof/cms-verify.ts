import { createHash, type KeyObject, verify, type X509Certificate } from 'node:crypto'
import { checkSignedAttributes, digestOf } from './cms-attributes.ts'
import {
  algorithmOf,
  contextTag,
  type Der,
  encodeDer,
  explicit,
  integerOf,
  isType,
  members,
  octetsOf,
  oidOf,
  parseDer,
  sequence,
  smallIntegerOf,
  sortedSet,
} from './der.ts'
import { equalHashes } from './merkle-verify.ts'
import { ProofError } from './proof-error.ts'
import { parseCertificate, partsOf, subjectKeyIdOf } from './x509.ts'

export const idData = '1.2.840.113549.1.7.1'
const idSignedData = '1.2.840.113549.1.7.2'

/** Signature algorithm, with the digest it fixes when it fixes one. */
const signatures: Readonly<Record<string, readonly ['ec' | 'rsa', string | undefined]>> = {
  '1.2.840.10045.4.3.2': ['ec', 'sha256'],
  '1.2.840.10045.4.3.3': ['ec', 'sha384'],
  '1.2.840.10045.4.3.4': ['ec', 'sha512'],
  '1.2.840.113549.1.1.1': ['rsa', undefined],
  '1.2.840.113549.1.1.11': ['rsa', 'sha256'],
  '1.2.840.113549.1.1.12': ['rsa', 'sha384'],
  '1.2.840.113549.1.1.13': ['rsa', 'sha512'],
}

const curves = ['prime256v1', 'secp384r1', 'secp521r1']

/** SignedData with exactly one signer, read and not yet verified. */
export interface SignedData {
  readonly contentType: string
  /** Undefined when the signature is detached. */
  readonly content: Buffer | undefined
  readonly certificates: readonly X509Certificate[]
  readonly signer: readonly Der[]
}

export interface VerifiedSigner {
  readonly certificate: X509Certificate
  readonly others: readonly X509Certificate[]
  readonly signingTime: Date | undefined
}

/** @throws ProofError */
export function parseSignedData(root: Der): SignedData {
  const [type, body, ...after] = sequence(root, 'the signature')
  if (oidOf(type, 'the signature') !== idSignedData || after.length > 0) throw new ProofError('not a CMS signature')
  const [version, algorithms, encapsulated, ...rest] = sequence(explicit(body, 0, 'the signature'), 'the signed data')
  const digestNames = sortedSet(algorithms, 'the digest algorithms').map(digestOf)
  const [contentType, wrapped, ...more] = sequence(encapsulated, 'the signed content')
  const content = wrapped === undefined ? undefined : octetsOf(explicit(wrapped, 0, 'the content'), 'the content')
  // Certificates [0], revocation lists [1], both optional, then the signers.
  const tags = rest.slice(0, -1).map(contextTag).join()
  if (more.length > 0 || !['', '0', '1', '0,1'].includes(tags)) throw new ProofError('the signed data is malformed')
  const certificates = rest.find((node) => contextTag(node) === 0)
  const signers = sortedSet(rest.at(-1), 'the signer list')
  if (signers.length !== 1) throw new ProofError(`${signers.length} signers where one is expected`)
  const signer = sequence(signers[0], 'the signer')
  const typeOid = oidOf(contentType, 'the content type')
  checkVersions(typeOid, smallIntegerOf(version, 'the signed data version'), signer)
  if (!digestNames.includes(digestOf(signer[2]))) throw new ProofError('the digest algorithm is not announced')
  return {
    contentType: typeOid,
    content,
    certificates: certificates === undefined ? [] : members(certificates, 'the certificates').map(readCertificate),
    signer,
  }
}

/** Versions follow from the rest (RFC 5652 sections 5.1 and 5.3): another one is a change that nothing signs. */
function checkVersions(contentType: string, version: number, [signerVersion, sid]: readonly Der[]): void {
  const expectedSigner = contextTag(sid) === 0 ? 3 : 1
  const expected = contentType === idData && expectedSigner === 1 ? 1 : 3
  if (version !== expected || smallIntegerOf(signerVersion, 'the signer version') !== expectedSigner) {
    throw new ProofError('the version of the signature structure is wrong')
  }
}

/** @throws ProofError */
export function parseCms(der: Uint8Array): SignedData {
  return parseSignedData(parseDer(der))
}

function readCertificate(node: Der): X509Certificate {
  if (!isType(node, 'sequence')) throw new ProofError('a certificate of another kind is attached')
  return parseCertificate(encodeDer(node))
}

/**
 * Verifies the one signer over `content`: signed attributes, then the signature over their DER as a SET.
 * The chain to an authority is another question: `checkChain`.
 * @throws ProofError
 */
export function verifySigner(signed: SignedData, content: Uint8Array): VerifiedSigner {
  const [, sid, digestNode, attributes, signatureNode, value, ...rest] = signed.signer
  if (contextTag(attributes) !== 0) throw new ProofError('the signature has no signed attributes')
  if (rest.length > 1 || (rest.length === 1 && contextTag(rest[0]) !== 1))
    throw new ProofError('the signer is malformed')
  const certificate = signed.certificates.find((candidate) => isSigner(candidate, sid))
  if (certificate === undefined) throw new ProofError("the signer's certificate is not attached")
  const digest = digestOf(digestNode)
  const signingTime = checkSignedAttributes(members(attributes, 'the signed attributes'), {
    contentType: signed.contentType,
    messageDigest: createHash(digest).update(content).digest(),
    certificate,
  })
  const signedBytes = encodeDer(attributes ?? signatureNode ?? raise())
  // RFC 5652 section 5.4: signed as a SET OF, carried as [0] IMPLICIT.
  signedBytes[0] = 0x31
  checkSignature({ digest, algorithm: algorithmOf(signatureNode, 'the signature algorithm') }, signedBytes, {
    key: certificate.publicKey,
    signature: octetsOf(value, 'the signature value'),
  })
  const others = signed.certificates.filter((other) => other !== certificate)
  return { certificate, others, signingTime }
}

function raise(): never {
  throw new ProofError('the signer is malformed')
}

function isSigner(certificate: X509Certificate, sid: Der | undefined): boolean {
  const parts = partsOf(certificate)
  if (contextTag(sid) === 0) {
    const wanted = typeof sid?.value === 'string' ? Buffer.from(sid.value, 'latin1') : Buffer.alloc(0)
    const known = subjectKeyIdOf(parts)
    return known !== undefined && known.equals(wanted)
  }
  const [issuer, serial] = sequence(sid, 'the signer identifier')
  if (issuer === undefined || serial === undefined) return false
  const sameSerial = equalHashes(integerOf(parts.serial, 'a serial'), integerOf(serial, 'a serial'))
  return sameSerial && encodeDer(parts.issuer).equals(encodeDer(issuer))
}

function checkSignature(
  how: { digest: string; algorithm: string },
  bytes: Uint8Array,
  { key, signature }: { key: KeyObject; signature: Uint8Array },
): void {
  const [family, fixed] = signatures[how.algorithm] ?? []
  if (family === undefined) throw new ProofError(`the signature algorithm ${how.algorithm} is not accepted`)
  if (fixed !== undefined && fixed !== how.digest) throw new ProofError('the signature and digest algorithms disagree')
  if (key.asymmetricKeyType !== family) throw new ProofError('the signature algorithm does not fit the key')
  const details = key.asymmetricKeyDetails ?? {}
  if (family === 'ec' && !curves.includes(details.namedCurve ?? '')) throw new ProofError('the curve is not accepted')
  if (family === 'rsa' && (details.modulusLength ?? 0) < 2048) throw new ProofError('the RSA key is too short')
  if (!verify(how.digest, bytes, key, signature)) throw new ProofError('the signature does not verify')
}
