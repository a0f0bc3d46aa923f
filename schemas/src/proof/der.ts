import forge from 'node-forge'
import { ProofError, reasonOf } from './proof-error.ts'

/** One element of a DER structure, as node-forge walks it. */
export type Der = forge.asn1.Asn1

const { Class, Type } = forge.asn1
const maxBytes = 65_536

/**
 * Reads DER strictly: encoding what was read must give the same bytes back, so that one structure has one encoding
 * and no byte of it goes unread.
 * @param limit in bytes; 64 KiB is more than any seal, token or certificate has
 * @throws ProofError
 */
export function parseDer(bytes: Uint8Array, limit: number = maxBytes): Der {
  if (bytes.length > limit) throw new ProofError('the DER structure is too large')
  let root: Der
  try {
    root = forge.asn1.fromDer(Buffer.from(bytes).toString('latin1'), true)
  } catch (error) {
    throw new ProofError(`not DER: ${reasonOf(error)}`)
  }
  if (!encodeDer(root).equals(bytes)) throw new ProofError('not DER: another encoding of the same structure')
  return root
}

export function encodeDer(node: Der): Buffer {
  return Buffer.from(forge.asn1.toDer(node).getBytes(), 'latin1')
}

/** Members of a SEQUENCE. */
export function sequence(node: Der | undefined, what: string): Der[] {
  return universal(node, Type.SEQUENCE, what)
}

/** Members of a SET, which DER orders by their encoding. */
export function sortedSet(node: Der | undefined, what: string): Der[] {
  const members = universal(node, Type.SET, what)
  checkOrder(members, what)
  return members
}

/** @throws ProofError unless the members are in the order DER gives to a SET OF */
export function checkOrder(members: readonly Der[], what: string): void {
  const encodings = members.map((member) => encodeDer(member))
  const sorted = encodings.every(
    (encoding, at) => at === 0 || Buffer.compare(encodings[at - 1] ?? encoding, encoding) < 0,
  )
  if (!sorted) throw new ProofError(`${what} is not in DER order`)
}

function universal(node: Der | undefined, type: forge.asn1.Type, what: string): Der[] {
  if (node?.tagClass === Class.UNIVERSAL && node.type === type && Array.isArray(node.value)) return node.value
  throw new ProofError(`${what} is malformed`)
}

/** Number of a context tag, or undefined for any other element. */
export function contextTag(node: Der | undefined): number | undefined {
  return node?.tagClass === Class.CONTEXT_SPECIFIC ? node.type : undefined
}

/** Members of a constructed element, whatever its tag. */
export function members(node: Der | undefined, what: string): Der[] {
  if (node !== undefined && node.constructed && Array.isArray(node.value)) return node.value
  throw new ProofError(`${what} is malformed`)
}

/** The one element inside an EXPLICIT context tag. */
export function explicit(node: Der | undefined, tag: number, what: string): Der {
  const [inner, ...rest] = members(node, what)
  if (contextTag(node) !== tag || inner === undefined || rest.length > 0) throw new ProofError(`${what} is malformed`)
  return inner
}

export function oidOf(node: Der | undefined, what: string): string {
  return oidText(Buffer.from(primitive(node, Type.OID, what), 'latin1'), what)
}

/** Arcs may be longer than 32 bits (a UUID under 2.25), where node-forge's own reading wraps around. */
function oidText(bytes: Uint8Array, what: string): string {
  const arcs: bigint[] = []
  let arc = 0n
  let open = false
  for (const byte of bytes) {
    if (!open && byte === 0x80) throw new ProofError(`${what} is malformed`)
    arc = arc * 128n + BigInt(byte % 128)
    open = byte >= 0x80
    if (open) continue
    arcs.push(arc)
    arc = 0n
  }
  const [first, ...rest] = arcs
  if (first === undefined || open) throw new ProofError(`${what} is malformed`)
  const root = first < 80n ? first / 40n : 2n
  return [root, first - root * 40n, ...rest].join('.')
}

export function octetsOf(node: Der | undefined, what: string): Buffer {
  return Buffer.from(primitive(node, Type.OCTETSTRING, what), 'latin1')
}

/** Bytes of a BIT STRING that has no unused bits. node-forge may have walked what is inside: the encoding counts. */
export function bitsOf(node: Der | undefined, what: string): Buffer {
  if (node?.tagClass !== Class.UNIVERSAL || node.type !== Type.BITSTRING) throw new ProofError(`${what} is malformed`)
  const encoded = encodeDer(node)
  const length = encoded[1] ?? 0
  const content = encoded.subarray(2 + (length < 0x80 ? 0 : length - 0x80))
  if (content[0] !== 0) throw new ProofError(`${what} has unused bits`)
  return content.subarray(1)
}

/** Two's complement bytes of an INTEGER. */
export function integerOf(node: Der | undefined, what: string): Buffer {
  return Buffer.from(primitive(node, Type.INTEGER, what), 'latin1')
}

/** A small, non-negative INTEGER. */
export function smallIntegerOf(node: Der | undefined, what: string): number {
  const bytes = integerOf(node, what)
  if (bytes.length > 4 || (bytes[0] ?? 0x80) >= 0x80) throw new ProofError(`${what} is out of range`)
  return bytes.readUIntBE(0, bytes.length)
}

export function booleanOf(node: Der | undefined, what: string): boolean {
  const value = primitive(node, Type.BOOLEAN, what)
  if (value === '\u00ff') return true
  if (value === '\u0000') return false
  throw new ProofError(`${what} is not a DER boolean`)
}

export function isType(
  node: Der | undefined,
  type: 'boolean' | 'integer' | 'sequence' | 'oid' | 'generalizedTime',
): boolean {
  return node?.tagClass === Class.UNIVERSAL && node.type === types[type]
}

const types = {
  boolean: Type.BOOLEAN,
  integer: Type.INTEGER,
  sequence: Type.SEQUENCE,
  oid: Type.OID,
  generalizedTime: Type.GENERALIZEDTIME,
} as const

/** UTCTime or GeneralizedTime, in UTC; a fraction of a second is kept to the millisecond. */
export function timeOf(node: Der | undefined, what: string): Date {
  const utc = node?.type === Type.UTCTIME
  const text = primitive(node, utc ? Type.UTCTIME : Type.GENERALIZEDTIME, what)
  const form = utc
    ? /^(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})()Z$/
    : /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\.\d*[1-9])?Z$/
  const [, year, month, day, hour, minute, second, fraction] = form.exec(text) ?? []
  if (year === undefined) throw new ProofError(`${what} is not a time in UTC`)
  const century = utc ? (Number(year) < 50 ? '20' : '19') : ''
  const iso = `${century}${year}-${month}-${day}T${hour}:${minute}:${second}`
  const time = new Date(`${iso}${(fraction || '.').padEnd(4, '0').slice(0, 4)}Z`)
  if (Number.isNaN(time.getTime()) || !time.toISOString().startsWith(iso)) throw new ProofError(`${what} is no date`)
  return time
}

function primitive(node: Der | undefined, type: forge.asn1.Type, what: string): string {
  const right = node?.tagClass === Class.UNIVERSAL && node.type === type && !node.constructed
  if (right && typeof node.value === 'string') return node.value
  throw new ProofError(`${what} is malformed`)
}

/** AlgorithmIdentifier with absent or NULL parameters, as its object identifier. */
export function algorithmOf(node: Der | undefined, what: string): string {
  const [algorithm, parameters, ...rest] = sequence(node, what)
  const empty = parameters === undefined || (parameters.type === Type.NULL && parameters.value === '')
  if (!empty || rest.length > 0) throw new ProofError(`${what} has parameters`)
  return oidOf(algorithm, what)
}
