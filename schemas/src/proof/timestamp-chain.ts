import type { X509Certificate } from 'node:crypto'
import { oidOf, parseDer, sequence } from './der.ts'
import { ProofError } from './proof-error.ts'

/** Signature algorithms under which a certificate may have been issued: SHA-256 and longer, RSA or ECDSA. */
const accepted = new Set([
  '1.2.840.113549.1.1.11',
  '1.2.840.113549.1.1.12',
  '1.2.840.113549.1.1.13',
  '1.2.840.10045.4.3.2',
  '1.2.840.10045.4.3.3',
  '1.2.840.10045.4.3.4',
])
const curves = ['prime256v1', 'secp384r1', 'secp521r1']
const leastRsaBits = 2_048

/**
 * Every certificate on the way to the authority must be issued by an algorithm that holds, under a key that holds. How
 * the authority's own certificate is signed does not matter: it is trusted as it is.
 * @param chain from the signer's certificate to the trusted authority's
 * @throws ProofError
 */
export function checkStrength(chain: readonly X509Certificate[]): void {
  for (const [at, certificate] of chain.entries()) {
    checkKey(certificate)
    if (at === chain.length - 1) return
    const [, algorithm] = sequence(parseDer(certificate.raw), 'the certificate')
    const oid = oidOf(sequence(algorithm, 'the certificate')[0], 'the certificate')
    if (!accepted.has(oid)) throw new ProofError(`a certificate is signed by ${oid}, which is not accepted`)
  }
}

function checkKey({ publicKey }: X509Certificate): void {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details = {} } = publicKey
  if (type === 'rsa' && (details.modulusLength ?? 0) >= leastRsaBits) return
  if (type === 'ec' && curves.includes(details.namedCurve ?? '')) return
  throw new ProofError('a key of the certificate chain is too weak, or of a kind that is not accepted')
}
