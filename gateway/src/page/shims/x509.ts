import { bitsOf, expectTag, inside, naturalOf, oidOf, readFirst, type Tlv, tags } from './der.ts'
import { digestOf } from './digests.ts'
import { verifyEcdsa } from './ecdsa.ts'
import { verifyEd25519 } from './ed25519.ts'
import { derOf } from './pem.ts'
import { type PublicKey, publicKeyOf } from './public-key.ts'
import { verifyRsa } from './rsa.ts'
import { type IssuingParts, hexOf, issuingPartsOf } from './x509-extensions.ts'
import { canonicalName } from './x509-name.ts'

/** Signature algorithms of certificates: kind of key, digest. */
const algorithms: Readonly<Record<string, readonly ['ec' | 'rsa' | 'ed25519', string]>> = {
  '1.2.840.10045.4.1': ['ec', 'sha1'],
  '1.2.840.10045.4.3.2': ['ec', 'sha256'],
  '1.2.840.10045.4.3.3': ['ec', 'sha384'],
  '1.2.840.10045.4.3.4': ['ec', 'sha512'],
  '1.2.840.113549.1.1.5': ['rsa', 'sha1'],
  '1.2.840.113549.1.1.11': ['rsa', 'sha256'],
  '1.2.840.113549.1.1.12': ['rsa', 'sha384'],
  '1.2.840.113549.1.1.13': ['rsa', 'sha512'],
  '1.3.101.112': ['ed25519', ''],
}

interface Parts {
  readonly body: Tlv
  readonly serial: string
  readonly issuer: string
  readonly subject: string
  readonly algorithm: string
  /** The algorithm is the same inside and outside of what is signed. */
  readonly agrees: boolean
  readonly signature: Tlv | undefined
  readonly key: Uint8Array
  readonly times: readonly [string, string]
  readonly extensions: Tlv | undefined
}

/**
 * The members of node:crypto's X509Certificate that the verifier asks, with its answers. A class because callers write
 * `new`. Only signatures that the verifier accepts are known here: one by RSA-PSS does not verify.
 */
export class X509Certificate {
  readonly raw: Buffer
  readonly #parts: Parts
  #key: PublicKey | undefined

  /** DER or PEM. @throws Error when it is no certificate */
  constructor(source: Uint8Array | string) {
    const text = Buffer.from(source).toString('latin1')
    const der = text.includes('-----BEGIN ') ? derOf(text, 'CERTIFICATE') : Buffer.from(source)
    this.raw = Buffer.from(readFirst(der).whole)
    this.#parts = partsOf(this.raw)
  }

  get validFrom(): string {
    return this.#parts.times[0]
  }

  get validTo(): string {
    return this.#parts.times[1]
  }

  /** SHA-256 of the certificate, as AA:BB:… */
  get fingerprint256(): string {
    const hex = Buffer.from(digestOf('sha256', this.raw)).toString('hex').toUpperCase()
    return (hex.match(/../g) ?? []).join(':')
  }

  /** @throws Error when the key cannot be read */
  get publicKey(): PublicKey {
    this.#key ??= publicKeyOf(this.#parts.key)
    return this.#key
  }

  get ca(): boolean {
    const parts = this.#issuing()
    return parts !== undefined && parts.isAuthority && parts.maySign
  }

  /** Names, key identifiers and usage fit; the signature is another question. */
  checkIssued(issuer: X509Certificate): boolean {
    const [mine, theirs] = [this.#issuing(), issuer.#issuing()]
    if (mine === undefined || theirs === undefined) return false
    if (this.#parts.issuer !== issuer.#parts.subject || !theirs.maySign) return false
    const { keyId, serial, issuer: above } = mine.authority
    if (keyId !== undefined && theirs.subjectKeyId !== undefined && keyId !== theirs.subjectKeyId) return false
    if (serial !== undefined && serial !== issuer.#parts.serial) return false
    if (above !== undefined && above !== issuer.#parts.issuer) return false
    const [kind] = algorithms[this.#parts.algorithm] ?? []
    try {
      return kind === issuer.publicKey.asymmetricKeyType
    } catch {
      return false
    }
  }

  verify({ material }: PublicKey): boolean {
    const { body, algorithm, agrees, signature } = this.#parts
    const [kind, digestName = ''] = algorithms[algorithm] ?? []
    if (!agrees || kind === undefined || kind !== material.kind) return false
    try {
      const value = bitsOf(signature)
      if (material.kind === 'ed25519') return verifyEd25519(material.octets, body.whole, value)
      const digest = digestOf(digestName, body.whole)
      if (material.kind === 'ec') return verifyEcdsa(material.curve, material.point, digest, value)
      return material.kind === 'rsa' && verifyRsa(material, digestName, digest, value)
    } catch {
      return false
    }
  }

  /** Undefined when an extension is malformed: such a certificate issues nothing and is issued by nobody. */
  #issuing(): IssuingParts | undefined {
    try {
      return issuingPartsOf(this.#parts.extensions)
    } catch {
      return undefined
    }
  }
}

function partsOf(raw: Uint8Array): Parts {
  const [body, outer, signature, ...rest] = inside(readFirst(raw), tags.sequence)
  const fields = inside(body, tags.sequence)
  if (body === undefined || rest.length > 0) throw new Error('not a certificate')
  const at = fields[0]?.tag === 0xa0 ? 1 : 0
  if (at === 1 && naturalOf(inside(fields[0], 0xa0)[0]) > 2n) throw new Error('not a certificate')
  const [serial, inner, issuer, validity, subject, key] = fields.slice(at)
  const [from, to] = inside(validity, tags.sequence)
  if (issuer === undefined || subject === undefined || key === undefined) throw new Error('not a certificate')
  return {
    body,
    serial: hexOf(expectTag(serial, tags.integer)),
    issuer: canonicalName(issuer),
    subject: canonicalName(subject),
    algorithm: oidOf(inside(inner, tags.sequence)[0]),
    agrees: outer !== undefined && inner !== undefined && Buffer.compare(outer.whole, inner.whole) === 0,
    signature,
    key: key.whole,
    times: [timeText(from), timeText(to)],
    extensions: fields.find(({ tag }) => tag === 0xa3),
  }
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** As OpenSSL prints it: `Nov  4 08:00:00 2026 GMT`. */
function timeText(time: Tlv | undefined): string {
  const isUtc = time?.tag === tags.utcTime
  const { content } = expectTag(time, isUtc ? tags.utcTime : tags.generalizedTime)
  const form = isUtc ? /^(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/ : /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/
  const [, year = '', month, day, hour, minute, second] = form.exec(Buffer.from(content).toString('latin1')) ?? []
  const name = months[Number(month) - 1]
  if (name === undefined) return 'Bad time value'
  const century = isUtc ? (Number(year) < 50 ? '20' : '19') : ''
  return `${name} ${String(Number(day)).padStart(2)} ${hour}:${minute}:${second} ${century}${year} GMT`
}
