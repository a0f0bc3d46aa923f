/** One element of a DER structure: its first octet, its content, and all of its octets. Views, not copies. */
export interface Tlv {
  readonly tag: number
  readonly content: Uint8Array
  readonly whole: Uint8Array
}

/** Tags that certificates and keys are made of. */
export const tags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const

/** @throws Error when the element at `at` is not DER, or reaches beyond the bytes */
function readAt(bytes: Uint8Array, at: number): Tlv {
  const tag = bytes[at]
  const first = bytes[at + 1]
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) throw new Error('not DER: no such tag')
  let start = at + 2
  let length = first
  if (first >= 0x80) {
    const count = first & 0x7f
    if (count < 1 || count > 4) throw new Error('not DER: no such length')
    length = 0
    for (let left = count; left > 0; left -= 1) length = length * 256 + (bytes[start++] ?? Number.NaN)
    if (!(length >= 0x80 && length >= 256 ** (count - 1))) throw new Error('not DER: a length is not the shortest')
  }
  if (!(start + length <= bytes.length)) throw new Error('not DER: too short')
  return { tag, content: bytes.subarray(start, start + length), whole: bytes.subarray(at, start + length) }
}

/** The element that the bytes begin with. What follows it is left alone. @throws Error */
export function readFirst(bytes: Uint8Array): Tlv {
  return readAt(bytes, 0)
}

/** The one element that the bytes are. @throws Error when something follows */
export function readOnly(bytes: Uint8Array): Tlv {
  const first = readAt(bytes, 0)
  if (first.whole.length !== bytes.length) throw new Error('not DER: something follows')
  return first
}

/** Elements inside a constructed one. @throws Error unless it has this tag */
export function inside(element: Tlv | undefined, tag: number): Tlv[] {
  const { content } = expectTag(element, tag)
  const found: Tlv[] = []
  for (let at = 0; at < content.length;) {
    const next = readAt(content, at)
    found.push(next)
    at += next.whole.length
  }
  return found
}

/** @throws Error unless the element is there and has this tag */
export function expectTag(element: Tlv | undefined, tag: number): Tlv {
  if (element?.tag !== tag) throw new Error('not DER: another element is expected')
  return element
}

/** A non-negative INTEGER in its shortest form. @throws Error */
export function naturalOf(element: Tlv | undefined): bigint {
  const { content } = expectTag(element, tags.integer)
  const [first, second] = content
  const isShortest = first !== undefined && (first !== 0 || second === undefined || second >= 0x80)
  if (!isShortest || first >= 0x80) throw new Error('not DER: not a natural number')
  return bigOf(content)
}

/** Octets of a BIT STRING without unused bits. @throws Error */
export function bitsOf(element: Tlv | undefined): Uint8Array {
  const { content } = expectTag(element, tags.bitString)
  if (content[0] !== 0) throw new Error('not DER: unused bits')
  return content.subarray(1)
}

/** Dotted form of an OBJECT IDENTIFIER. @throws Error */
export function oidOf(element: Tlv | undefined): string {
  const arcs: bigint[] = []
  let arc = 0n
  for (const byte of expectTag(element, tags.oid).content) {
    arc = arc * 128n + BigInt(byte & 0x7f)
    if (byte >= 0x80) continue
    arcs.push(arc)
    arc = 0n
  }
  const [first = 0n, ...rest] = arcs
  const root = first < 80n ? first / 40n : 2n
  return [root, first - root * 40n, ...rest].join('.')
}

/** Big-endian number. */
export function bigOf(bytes: Uint8Array): bigint {
  let hex = '0x0'
  for (const byte of bytes) hex += byte.toString(16).padStart(2, '0')
  return BigInt(hex)
}

/** Big-endian octets of a number that fits. */
export function octetsOf(value: bigint, length: number): Uint8Array {
  const hex = value.toString(16).padStart(length * 2, '0')
  return Uint8Array.from({ length }, (_, at) => Number.parseInt(hex.slice(at * 2, at * 2 + 2), 16))
}
