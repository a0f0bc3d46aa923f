import { createPrivateKey, type KeyObject, type X509Certificate } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkChain, checkStrength, parseCertificate, parseCertificates, reasonOf } from '@socle/schemas'
import { KeyStoreError } from './key-store-error.ts'
import type { CertificateUse, Identity, Validity } from './make-certificates.ts'
import { readPkcs12 } from './pkcs12.ts'

/** A key, its certificate, and where it leads. */
export interface CertifiedKey extends Identity {
  /** Issuers between the certificate and the authority. */
  readonly chain: readonly X509Certificate[]
  readonly authority: X509Certificate
  /** When every certificate on the way to the authority is valid: what is signed outside of it proves nothing. */
  readonly validity: Validity
}

/** What a file of each use must hold, in the words of the error that asks for it. */
const wanted: Readonly<Record<CertificateUse, string>> = {
  seal: 'the P-256 private key, the seal certificate, its issuers in order, the trusted authority last (PEM, or PKCS#12 as .p12)',
  timestamp: "the P-256 private key, the timestamp certificate and its authority (PEM), of the sandbox's own clock",
}

/** Of two names at most one may be there: nobody should have to guess which of two keys seals. */
const endings = ['.pem', '.p12'] as const

/** The file of a certified key: `seal.pem` or `seal.p12` for the base `seal`; undefined: neither is there. @throws KeyStoreError for both */
export function certifiedFile(directory: string, base: string): string | undefined {
  const found = endings.map((ending) => base + ending).filter((name) => existsSync(join(directory, name)))
  if (found.length > 1) throw new KeyStoreError(`${directory} holds ${found.join(' and ')}: keep one of them`)
  return found[0]
}

/**
 * Reads a key with its certificates. Everything that no date changes is judged here: the key is P-256 and that of the
 * certificate, which may sign (and is no authority's, nor for another use), and leads to the authority by signatures that
 * hold. Whether today lies in `validity`, and whether it was revoked, is asked at each seal.
 * @param passphrase of the PKCS#12 file or of an encrypted PEM key
 * @throws KeyStoreError with the reason
 */
export function readCertified(path: string, use: CertificateUse, passphrase?: string): CertifiedKey {
  try {
    const read = path.endsWith('.p12') ? fromPkcs12 : fromPem
    return judged(read(readFileSync(path), passphrase), use)
  } catch (cause) {
    throw new KeyStoreError(`${path} must hold ${wanted[use]}: ${reasonOf(cause)}`, { cause })
  }
}

interface Parts {
  readonly privateKey: KeyObject
  /** That of the key first, its authority last. */
  readonly certificates: readonly X509Certificate[]
}

function fromPem(bytes: Buffer, passphrase: string | undefined): Parts {
  let privateKey: KeyObject
  try {
    privateKey = createPrivateKey({ key: bytes, ...(passphrase === undefined ? {} : { passphrase }) })
  } catch (cause) {
    throw new Error('no private key that can be read (an encrypted one needs HUB_SEAL_PASSPHRASE_FILE)', { cause })
  }
  return { privateKey, certificates: parseCertificates(bytes.toString('latin1')) }
}

/** Programs write the certificates in any order: that of the key comes first, then each issuer. */
function fromPkcs12(bytes: Buffer, passphrase: string | undefined): Parts {
  if (passphrase === undefined) throw new Error('a PKCS#12 file needs HUB_SEAL_PASSPHRASE_FILE')
  const content = readPkcs12(bytes, passphrase)
  const [der] = content.keys
  if (der === undefined || content.keys.length > 1) throw new Error(`${content.keys.length} keys where one is expected`)
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  const rest = content.certificates.map((certificate) => parseCertificate(certificate))
  const certificates: X509Certificate[] = []
  let next = rest.find((certificate) => certificate.checkPrivateKey(privateKey))
  while (next !== undefined) {
    const last: X509Certificate = next
    certificates.push(last)
    rest.splice(rest.indexOf(last), 1)
    next = rest.find((issuer) => last.checkIssued(issuer) && last.verify(issuer.publicKey))
  }
  return { privateKey, certificates }
}

function judged({ privateKey, certificates }: Parts, use: CertificateUse): CertifiedKey {
  const [certificate, ...issuers] = certificates
  const authority = issuers.at(-1)
  if (privateKey.asymmetricKeyDetails?.namedCurve !== 'prime256v1') throw new Error('the key is not a P-256 key')
  if (certificate?.checkPrivateKey(privateKey) !== true) throw new Error('the certificate is not that of the key')
  if (authority === undefined) throw new Error('the authority of the certificate is missing')
  const validity = commonValidity(certificates)
  const chain = issuers.slice(0, -1)
  const way = checkChain({ certificate, others: chain, authorities: [authority], at: validity.from, use })
  checkStrength(way)
  return { privateKey, certificate, chain, authority, validity }
}

function commonValidity(certificates: readonly X509Certificate[]): Validity {
  const from = Math.max(...certificates.map(({ validFrom }) => Date.parse(validFrom)))
  // Certificate times have whole seconds and the last one counts.
  const to = Math.min(...certificates.map(({ validTo }) => Date.parse(validTo))) + 999
  if (from > to) throw new Error('the validities of its certificates do not overlap')
  return { from: new Date(from), to: new Date(to) }
}
