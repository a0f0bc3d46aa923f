import { inside, oidOf, type Tlv, tags } from './der.ts'

/** Decoders of the string types that are compared by their text; others are compared by their octets. */
const texts: Readonly<Record<number, (bytes: Uint8Array) => string>> = {
  0x0c: (bytes) => Buffer.from(bytes).toString('utf8'),
  0x13: latin,
  0x14: latin,
  0x16: latin,
  0x1a: latin,
  0x1c: (bytes) => wide(bytes, 4),
  0x1e: (bytes) => wide(bytes, 2),
}

function latin(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1')
}

function wide(bytes: Uint8Array, width: 2 | 4): string {
  if (bytes.length % width !== 0) throw new Error('a name is malformed')
  const buffer = Buffer.from(bytes)
  let text = ''
  for (let at = 0; at < buffer.length; at += width) text += String.fromCodePoint(buffer.readUIntBE(at, width))
  return text
}

/**
 * A name in the form in which two of them are compared, as OpenSSL does: case of ASCII letters, spaces at the ends and
 * repeated spaces do not count, nor does the string type.
 * @throws Error when it is malformed
 */
export function canonicalName(name: Tlv): string {
  const sets = inside(name, tags.sequence).map((set) =>
    inside(set, tags.set)
      .map((attribute) => {
        const [type, value, ...rest] = inside(attribute, tags.sequence)
        if (value === undefined || rest.length > 0) throw new Error('a name is malformed')
        return `${oidOf(type)}=${canonicalValue(value)}`
      })
      .sort(),
  )
  return JSON.stringify(sets)
}

function canonicalValue({ tag, content }: Tlv): string {
  const decode = texts[tag]
  if (decode === undefined) return `#${tag}:${latin(content)}`
  return decode(content)
    .replaceAll(/^[ \t\n\v\f\r]+|[ \t\n\v\f\r]+$/g, '')
    .replaceAll(/[ \t\n\v\f\r]+/g, ' ')
    .replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())
}
