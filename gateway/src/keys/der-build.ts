import forge from 'node-forge'

/** One DER element under construction. */
export type Der = forge.asn1.Asn1

const { Class, Type } = forge.asn1

/** Context tags that these structures use. */
export type ContextTag = 0 | 1 | 2 | 3

export function toDer(node: Der): Buffer {
  return Buffer.from(forge.asn1.toDer(node).getBytes(), 'latin1')
}

/** An element that exists as DER already: a certificate, a name, a public key. */
export function fromDer(der: Uint8Array): Der {
  return forge.asn1.fromDer(latin1(der), true)
}

export function sequence(...members: readonly Der[]): Der {
  return forge.asn1.create(Class.UNIVERSAL, Type.SEQUENCE, true, [...members])
}

/** SET OF, in the order DER asks for: that of the encodings. */
export function set(...members: readonly Der[]): Der {
  return forge.asn1.create(Class.UNIVERSAL, Type.SET, true, inDerOrder(members))
}

export function inDerOrder(members: readonly Der[]): Der[] {
  return members
    .map((node) => ({ node, encoding: toDer(node) }))
    .sort((left, right) => Buffer.compare(left.encoding, right.encoding))
    .map(({ node }) => node)
}

export function oid(text: string): Der {
  return primitive(Type.OID, forge.asn1.oidToDer(text).getBytes())
}

/** A small non-negative integer, or the big-endian bytes of a positive one. */
export function integer(value: number | Uint8Array): Der {
  if (typeof value === 'number') return primitive(Type.INTEGER, forge.asn1.integerToDer(value).getBytes())
  const positive = (value[0] ?? 0) >= 0x80 ? `\u0000${latin1(value)}` : latin1(value)
  return primitive(Type.INTEGER, positive)
}

export function octets(bytes: Uint8Array): Der {
  return primitive(Type.OCTETSTRING, latin1(bytes))
}

export function bits(bytes: Uint8Array, unused = 0): Der {
  return primitive(Type.BITSTRING, String.fromCharCode(unused) + latin1(bytes))
}

export function yes(): Der {
  return primitive(Type.BOOLEAN, '\u00ff')
}

export function utf8(text: string): Der {
  return primitive(Type.UTF8, forge.util.encodeUtf8(text))
}

export function printable(text: string): Der {
  return primitive(Type.PRINTABLESTRING, text)
}

/** UTCTime up to 2049, GeneralizedTime from 2050 (RFC 5280 section 4.1.2.5), whole seconds. */
export function time(at: Date): Der {
  return at.getUTCFullYear() < 2050
    ? primitive(Type.UTCTIME, utcTimeText(at))
    : generalizedTime(new Date(Math.floor(at.getTime() / 1000) * 1000))
}

/** YYMMDDHHMMSSZ */
export function utcTimeText(at: Date): string {
  return `${compact(at).slice(2, 14)}Z`
}

/** GeneralizedTime in UTC, with the milliseconds when there are some and no trailing zero (DER). */
export function generalizedTime(at: Date): Der {
  const fraction = String(at.getUTCMilliseconds()).padStart(3, '0').replace(/0+$/, '')
  return primitive(Type.GENERALIZEDTIME, `${compact(at).slice(0, 14)}${fraction === '' ? '' : `.${fraction}`}Z`)
}

function compact(at: Date): string {
  return at.toISOString().replaceAll(/[-:T.Z]/g, '')
}

/** Constructed context tag: EXPLICIT over one element, or IMPLICIT over the members of a sequence or set. */
export function tagged(tag: ContextTag, ...members: readonly Der[]): Der {
  return forge.asn1.create(Class.CONTEXT_SPECIFIC, numbered(tag), true, [...members])
}

/** Primitive context tag: IMPLICIT over bytes. */
export function taggedBytes(tag: ContextTag, bytes: Uint8Array): Der {
  return forge.asn1.create(Class.CONTEXT_SPECIFIC, numbered(tag), false, latin1(bytes))
}

/** node-forge names every tag number after the universal type that has it: 0 to 3 here, all that these structures use. */
const tagNumbers = [Type.NONE, Type.BOOLEAN, Type.INTEGER, Type.BITSTRING] as const

function numbered(tag: ContextTag): forge.asn1.Type {
  return tagNumbers[tag]
}

function primitive(type: forge.asn1.Type, value: string): Der {
  return forge.asn1.create(Class.UNIVERSAL, type, false, value)
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}
