import { createHash, type X509Certificate } from 'node:crypto'
import { type Der, fromDer, inDerOrder, integer, octets, oid, sequence, set, tagged, time } from './der-build.ts'
import { issuerDerOf, serialDerOf } from './make-certificates.ts'

export const idData = '1.2.840.113549.1.7.1'
export const idTstInfo = '1.2.840.113549.1.9.16.1.4'
const idSignedData = '1.2.840.113549.1.7.2'
const sha256 = '2.16.840.1.101.3.4.2.1'
const ecdsaWithSha256 = '1.2.840.10045.4.3.2'

export interface AttributeValues {
  readonly contentType: string
  readonly messageDigest: Uint8Array
  readonly signingTime: Date
  readonly certificate: X509Certificate
}

/**
 * The attributes that are signed, in DER order: content type, signing time, digest, and the hash of the signer's
 * certificate (signing-certificate-v2, RFC 5035; SHA-256 is its default and is then not written).
 */
export function signedAttributes({ contentType, messageDigest, signingTime, certificate }: AttributeValues): Der[] {
  const certificateHash = createHash('sha256').update(certificate.raw).digest()
  return inDerOrder([
    attribute('1.2.840.113549.1.9.3', oid(contentType)),
    attribute('1.2.840.113549.1.9.5', time(signingTime)),
    attribute('1.2.840.113549.1.9.4', octets(messageDigest)),
    attribute('1.2.840.113549.1.9.16.2.47', sequence(sequence(sequence(octets(certificateHash))))),
  ])
}

function attribute(type: string, value: Der): Der {
  return sequence(oid(type), set(value))
}

export interface SignedParts {
  readonly contentType: string
  /** Absent: the signature is detached. */
  readonly content?: Uint8Array
  readonly certificate: X509Certificate
  /** Issuers to send along, without the trusted authority itself. */
  readonly chain: readonly X509Certificate[]
  readonly attributes: readonly Der[]
  /** ECDSA, DER. */
  readonly signature: Uint8Array
}

/** CMS SignedData (RFC 5652) with one ECDSA P-256 / SHA-256 signer, inside its ContentInfo. */
export function signedData(parts: SignedParts): Der {
  const digestAlgorithm = sequence(oid(sha256))
  const content = parts.content === undefined ? [] : [tagged(0, octets(parts.content))]
  const signer = sequence(
    integer(1),
    sequence(fromDer(issuerDerOf(parts.certificate)), fromDer(serialDerOf(parts.certificate))),
    digestAlgorithm,
    tagged(0, ...parts.attributes),
    sequence(oid(ecdsaWithSha256)),
    octets(parts.signature),
  )
  const certificates = [parts.certificate, ...parts.chain].map(({ raw }) => fromDer(raw))
  return sequence(
    oid(idSignedData),
    tagged(
      0,
      sequence(
        // RFC 5652 section 5.1: 3 as soon as the content is not plain data
        integer(parts.contentType === idData ? 1 : 3),
        set(digestAlgorithm),
        sequence(oid(parts.contentType), ...content),
        tagged(0, ...inDerOrder(certificates)),
        set(signer),
      ),
    ),
  )
}
