/** Text of an XML file, or why it has none. Nothing is guessed: what the file declares is what is tried. */
export type Decoded =
  | { readonly text: string; readonly encoding: string }
  | { readonly fault: 'unsupported' | 'invalid' | 'contradicted'; readonly encoding: string; readonly line: number }

const declared = /^\s*<\?xml\s[^>]*?encoding\s*=\s*["']([A-Za-z][A-Za-z0-9._-]*)["']/

/** Encodings an XML declaration may name here; each is also one that the gate's parser decodes by itself. */
const decoders: Readonly<Record<string, (bytes: Uint8Array) => string>> = {
  'utf-8': strict('utf-8'),
  utf8: strict('utf-8'),
  'us-ascii': decodeAscii,
  ascii: decodeAscii,
  'iso-8859-1': decodeLatin1,
  latin1: decodeLatin1,
  'iso-8859-15': strict('iso-8859-15'),
  'windows-1252': strict('windows-1252'),
  'utf-16le': strict('utf-16le'),
  'utf-16be': strict('utf-16be'),
}

/** Encodings the hub reads, as an XML declaration names them. */
export const encodings: readonly string[] = ['UTF-8', 'UTF-16', 'US-ASCII', 'ISO-8859-1', 'ISO-8859-15', 'windows-1252']

/**
 * Decodes by byte order mark, else by the XML declaration, else as UTF-8 (XML 1.0, appendix F). A byte that the
 * encoding does not know is a fault with its line, never a replacement character.
 */
export function decodeXml(bytes: Uint8Array): Decoded {
  const seen = sniff(bytes)
  if (seen !== undefined) {
    const decoded = decodeAs(bytes, seen)
    if ('fault' in decoded) return decoded
    const said = declared.exec(decoded.text)?.[1]
    const agrees = said === undefined || said.toLowerCase().replace(/(le|be)$/, '') === seen.replace(/(le|be)$/, '')
    return agrees ? decoded : { fault: 'contradicted', encoding: said, line: 1 }
  }
  const said = declared.exec(decodeLatin1(bytes.subarray(0, 256)))?.[1] ?? 'UTF-8'
  if (/^utf-?16/i.test(said)) return { fault: 'contradicted', encoding: said, line: 1 }
  return decodeAs(bytes, said)
}

/** First bytes by encoding. UTF-32 stands before UTF-16, whose marks its own begin with. */
const starts: readonly (readonly [encoding: string, ...marks: readonly (readonly number[])[]])[] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-32le', [0xff, 0xfe, 0, 0], [0x3c, 0, 0, 0]],
  ['utf-32be', [0, 0, 0xfe, 0xff], [0, 0, 0, 0x3c]],
  ['utf-16le', [0xff, 0xfe], [0x3c, 0]],
  ['utf-16be', [0xfe, 0xff], [0, 0x3c]],
]

/** The encoding that the first bytes prove, if they prove one. */
function sniff(bytes: Uint8Array): string | undefined {
  const found = starts.find(([, ...marks]) => marks.some((mark) => mark.every((byte, at) => bytes[at] === byte)))
  return found?.[0]
}

function decodeAs(bytes: Uint8Array, encoding: string): Decoded {
  const decode = decoders[encoding.toLowerCase()]
  if (decode === undefined) return { fault: 'unsupported', encoding, line: 1 }
  try {
    return { text: decode(bytes), encoding }
  } catch {
    return { fault: 'invalid', encoding, line: faultyLine(bytes, decode) }
  }
}

/** Line feeds stand alone in every encoding but UTF-16, so lines can be tried one by one. */
function faultyLine(bytes: Uint8Array, decode: (bytes: Uint8Array) => string): number {
  let line = 1
  for (let from = 0; from < bytes.length; line += 1) {
    const end = bytes.indexOf(0x0a, from)
    const to = end === -1 ? bytes.length : end + 1
    try {
      decode(bytes.subarray(from, to))
    } catch {
      return line
    }
    from = to
  }
  return line
}

function strict(label: string): (bytes: Uint8Array) => string {
  return (bytes) => new TextDecoder(label, { fatal: true }).decode(bytes)
}

function decodeAscii(bytes: Uint8Array): string {
  if (bytes.some((byte) => byte > 0x7f)) throw new RangeError('a byte over 127')
  return decodeLatin1(bytes)
}

/** The Encoding Standard reads this label as windows-1252; XML parsers do not. */
function decodeLatin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}
