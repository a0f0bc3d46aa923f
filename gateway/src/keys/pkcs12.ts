import { createHmac, timingSafeEqual } from 'node:crypto'
import forge from 'node-forge'

/** What a PKCS#12 file (RFC 7292) holds, opened: for node:crypto to read. */
export interface Pkcs12Content {
  /** PKCS#8, DER. */
  readonly keys: readonly Buffer[]
  /** X.509, DER, byte for byte as in the file. */
  readonly certificates: readonly Buffer[]
}

type Node = forge.asn1.Asn1

/** Larger files are not opened: a key and its chain take some thousand bytes. */
const maxBytes = 1_048_576
/** Rounds of a passphrase derivation; more would only keep the start waiting. */
const maxIterations = 10_000_000
/** Bags within bags. */
const maxDepth = 4

const oids = {
  data: '1.2.840.113549.1.7.1',
  encryptedData: '1.2.840.113549.1.7.6',
  keyBag: '1.2.840.113549.1.12.10.1.1',
  shroudedKeyBag: '1.2.840.113549.1.12.10.1.2',
  certificateBag: '1.2.840.113549.1.12.10.1.3',
  safeContentsBag: '1.2.840.113549.1.12.10.1.6',
  pbes2: '1.2.840.113549.1.5.13',
  x509: '1.2.840.113549.1.9.22.1',
} as const

/** Digests of the integrity check, with their lengths: SHA-1 is what older programs still write. */
const macDigests: Readonly<Record<string, readonly ['sha1' | 'sha256' | 'sha384' | 'sha512', number]>> = {
  '1.3.14.3.2.26': ['sha1', 20],
  '2.16.840.1.101.3.4.2.1': ['sha256', 32],
  '2.16.840.1.101.3.4.2.2': ['sha384', 48],
  '2.16.840.1.101.3.4.2.3': ['sha512', 64],
}

/**
 * Opens a PKCS#12 file: checks its integrity, decrypts (PBES2 with AES or 3DES, and the older 3DES and RC2 schemes) and
 * walks its bags. node-forge does the passphrase derivations, which node:crypto does not give away; what comes out is
 * read and used by node:crypto alone.
 * @throws Error with the reason: wrong passphrase, no integrity check, an unknown scheme, not PKCS#12
 */
export function readPkcs12(bytes: Uint8Array, passphrase: string): Pkcs12Content {
  if (bytes.length > maxBytes) throw new Error(`larger than ${maxBytes} bytes`)
  const [version, authSafe, macData] = membersOf(parsed(Buffer.from(bytes)), 'the file')
  if (bytesOf(version, 'the version')[0] !== 3) throw new Error('not PKCS#12 version 3')
  const [type, content] = membersOf(authSafe, 'the content')
  if (oidOf(type) !== oids.data) throw new Error('sealed by a public key, not by a passphrase')
  const safe = octetsIn(content, 'the content')
  checkMac(safe, macData, passphrase)
  const found = { keys: [] as Buffer[], certificates: [] as Buffer[] }
  for (const part of membersOf(parsed(safe), 'the content')) readPart(part, passphrase, found)
  return found
}

/** One ContentInfo: bags in the clear, or encrypted together. */
function readPart(part: Node, passphrase: string, found: { keys: Buffer[]; certificates: Buffer[] }): void {
  const [type, content] = membersOf(part, 'a content')
  const kind = oidOf(type)
  if (kind === oids.data) return readBags(parsed(octetsIn(content, 'a content')), passphrase, found, 0)
  if (kind !== oids.encryptedData) throw new Error(`a content of the unknown type ${kind}`)
  const [encryptedData] = membersOf(content, 'an encrypted content')
  const [, info] = membersOf(encryptedData, 'an encrypted content')
  const [, algorithm, encrypted] = membersOf(info, 'an encrypted content')
  readBags(decrypted(algorithm, chunksOf(encrypted), passphrase), passphrase, found, 0)
}

function readBags(
  bags: Node,
  passphrase: string,
  found: { keys: Buffer[]; certificates: Buffer[] },
  depth: number,
): void {
  if (depth > maxDepth) throw new Error('bags within bags within bags')
  for (const bag of membersOf(bags, 'the bags')) {
    const [type, wrapped] = membersOf(bag, 'a bag')
    const [value] = membersOf(wrapped, 'a bag')
    const kind = oidOf(type)
    if (kind === oids.keyBag) found.keys.push(encoded(value))
    else if (kind === oids.shroudedKeyBag) {
      const [algorithm, encrypted] = membersOf(value, 'a key')
      found.keys.push(encoded(decrypted(algorithm, chunksOf(encrypted), passphrase)))
    } else if (kind === oids.certificateBag) {
      const [format, certificate] = membersOf(value, 'a certificate')
      if (oidOf(format) === oids.x509) found.certificates.push(octetsIn(certificate, 'a certificate'))
    } else if (kind === oids.safeContentsBag && value) readBags(value, passphrase, found, depth + 1)
    // Other bags (revocation lists, secrets) are nobody's business here.
  }
}

/** An encrypted content is written as an encrypted key is: algorithm, then bytes. */
function decrypted(algorithm: Node | undefined, bytes: string, passphrase: string): Node {
  if (!algorithm) throw new Error('an encrypted content without algorithm')
  const { asn1, pki } = forge
  const octets = asn1.create(asn1.Class.UNIVERSAL, asn1.Type.OCTETSTRING, false, bytes)
  const asKey = asn1.create(asn1.Class.UNIVERSAL, asn1.Type.SEQUENCE, true, [algorithm, octets])
  // PBES2 derives from UTF-8; the older schemes, as the integrity check, from UTF-16.
  const secret =
    oidOf(membersOf(algorithm, 'an algorithm')[0]) === oids.pbes2 ? forge.util.encodeUtf8(passphrase) : passphrase
  // The types say that it never gives null; it does, for a wrong passphrase.
  const clear = pki.decryptPrivateKeyInfo(asKey, secret) as Node | null
  if (!clear) throw new Error('the passphrase does not open it')
  return clear
}

/** RFC 7292 appendix B: without it anybody could have put another certificate in. */
function checkMac(content: Buffer, macData: Node | undefined, passphrase: string): void {
  if (!macData) throw new Error('without an integrity check (MAC)')
  const [digestInfo, salt, rounds] = membersOf(macData, 'the integrity check')
  const [algorithm, expected] = membersOf(digestInfo, 'the integrity check')
  const oid = oidOf(membersOf(algorithm, 'the integrity check')[0])
  const [name, length] = macDigests[oid] ?? []
  if (name === undefined || length === undefined) throw new Error(`an integrity check by the unknown algorithm ${oid}`)
  const iterations = rounds === undefined ? 1 : countOf(bytesOf(rounds, 'the rounds'))
  const saltBuffer = forge.util.createBuffer(bytesOf(salt, 'the salt').toString('latin1'))
  const key = forge.pkcs12.generateKey(passphrase, saltBuffer, 3, iterations, length, forge.md[name].create())
  const mac = createHmac(name, Buffer.from(key.getBytes(), 'latin1')).update(content).digest()
  const wanted = bytesOf(expected, 'the integrity check')
  if (wanted.length !== mac.length || !timingSafeEqual(wanted, mac)) throw new Error('the passphrase does not open it')
}

function countOf(bytes: Buffer): number {
  const count = bytes.length <= 4 ? bytes.readUIntBE(0, bytes.length) : Number.POSITIVE_INFINITY
  if (!(count >= 1 && count <= maxIterations)) throw new Error(`more than ${maxIterations} rounds of derivation`)
  return count
}

/** BER is allowed here (RFC 7292), so nothing is asked of the encoding. */
function parsed(bytes: Buffer): Node {
  return forge.asn1.fromDer(bytes.toString('latin1'), false)
}

function encoded(node: Node | undefined): Buffer {
  if (!node) throw new Error('a key is missing')
  return Buffer.from(forge.asn1.toDer(node).getBytes(), 'latin1')
}

function membersOf(node: Node | undefined, what: string): readonly Node[] {
  if (!Array.isArray(node?.value)) throw new Error(`${what} is malformed`)
  return node.value
}

function oidOf(node: Node | undefined): string {
  return forge.asn1.derToOid(bytesOf(node, 'an object identifier').toString('latin1'))
}

/** The OCTET STRING inside an EXPLICIT tag. */
function octetsIn(node: Node | undefined, what: string): Buffer {
  return Buffer.from(chunksOf(membersOf(node, what)[0]), 'latin1')
}

/** An octet string in one piece or, in BER, in several. */
function chunksOf(node: Node | undefined): string {
  if (Array.isArray(node?.value)) return node.value.map((chunk) => chunksOf(chunk)).join('')
  return bytesOf(node, 'an octet string').toString('latin1')
}

function bytesOf(node: Node | undefined, what: string): Buffer {
  if (typeof node?.value !== 'string') throw new Error(`${what} is malformed`)
  return Buffer.from(node.value, 'latin1')
}
