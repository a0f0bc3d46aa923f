import { createHash, type X509Certificate } from 'node:crypto'
import { algorithmOf, checkOrder, type Der, isType, octetsOf, oidOf, sequence, sortedSet, timeOf } from './der.ts'
import { ProofError } from './proof-error.ts'

const contentTypeOid = '1.2.840.113549.1.9.3'
const messageDigestOid = '1.2.840.113549.1.9.4'
const signingTimeOid = '1.2.840.113549.1.9.5'
const signingCertificateOid = '1.2.840.113549.1.9.16.2.12'
const signingCertificateV2Oid = '1.2.840.113549.1.9.16.2.47'
const idTstInfo = '1.2.840.113549.1.9.16.1.4'

const digests: Readonly<Record<string, string>> = {
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
}

/** Name of a digest algorithm for node:crypto. @throws ProofError for anything weaker or unknown */
export function digestOf(node: Der | undefined): string {
  const digest = digests[algorithmOf(node, 'the digest algorithm')]
  if (digest === undefined) throw new ProofError('the digest algorithm is not SHA-256, SHA-384 or SHA-512')
  return digest
}

export interface ExpectedAttributes {
  readonly contentType: string
  readonly messageDigest: Uint8Array
  readonly certificate: X509Certificate
}

/**
 * Checks the attributes that a CAdES or RFC 3161 signer must sign: content type, digest of the content, and the hash
 * of its own certificate (RFC 5035), without which another certificate for the same key could be swapped in.
 * @returns the signing time, when there is one
 * @throws ProofError
 */
export function checkSignedAttributes(nodes: readonly Der[], expected: ExpectedAttributes): Date | undefined {
  checkOrder(nodes, 'the list of signed attributes')
  const values = new Map<string, Der>()
  for (const node of nodes) {
    const [type, set, ...rest] = sequence(node, 'a signed attribute')
    const oid = oidOf(type, 'a signed attribute')
    const [value, ...others] = sortedSet(set, 'a signed attribute')
    if (values.has(oid) || value === undefined || others.length > 0 || rest.length > 0) {
      throw new ProofError('a signed attribute does not have exactly one value')
    }
    values.set(oid, value)
  }
  if (oidOf(values.get(contentTypeOid), 'the signed content type') !== expected.contentType) {
    throw new ProofError('the signed content type is not that of the content')
  }
  const digest = octetsOf(values.get(messageDigestOid), 'the signed digest')
  if (!digest.equals(expected.messageDigest)) throw new ProofError('the signed digest is not that of the content')
  const older = expected.contentType === idTstInfo ? values.get(signingCertificateOid) : undefined
  if (older !== undefined && !values.has(signingCertificateV2Oid)) checkOlderHash(older, expected.certificate)
  else checkCertificateHash(values.get(signingCertificateV2Oid), expected.certificate)
  const time = values.get(signingTimeOid)
  return time === undefined ? undefined : timeOf(time, 'the signing time')
}

function checkCertificateHash(attribute: Der | undefined, certificate: X509Certificate): void {
  if (attribute === undefined) throw new ProofError('the signing-certificate-v2 attribute is missing')
  const [list] = sequence(attribute, 'the signing certificate')
  const [first] = sequence(list, 'the signing certificate')
  const fields = sequence(first, 'the signing certificate')
  const named = isType(fields[0], 'sequence')
  const digest = named ? digestOf(fields[0]) : 'sha256'
  requireHash(octetsOf(fields[named ? 1 : 0], 'the certificate digest'), digest, certificate)
}

/**
 * The attribute of RFC 3161 as it was first written, which many authorities still send (RFC 5816 section 2.2.1 allows
 * it): SHA-1 of the certificate. It only tells certificates of one trusted authority apart; no signature rests on it.
 */
function checkOlderHash(attribute: Der, certificate: X509Certificate): void {
  const [list] = sequence(attribute, 'the signing certificate')
  const [first] = sequence(list, 'the signing certificate')
  const [hash] = sequence(first, 'the signing certificate')
  requireHash(octetsOf(hash, 'the certificate digest'), 'sha1', certificate)
}

function requireHash(hash: Buffer, digest: string, certificate: X509Certificate): void {
  if (hash.equals(createHash(digest).update(certificate.raw).digest())) return
  throw new ProofError('the signature names another certificate')
}
