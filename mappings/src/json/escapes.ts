import type { RuleId } from '@socle/schemas'

export interface StringFault {
  readonly rule: RuleId
  /** Place in the text between the quotes. */
  readonly place: number
  readonly found: string
}

export interface EscapedString {
  readonly value: string
  readonly faults: readonly StringFault[]
}

const simple: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}

/** What stands between the quotes of a JSON string, its escapes read (RFC 8259 section 7). Every fault is told. */
export function readEscapes(text: string): EscapedString {
  const pieces: string[] = []
  const faults: StringFault[] = []
  let from = 0
  for (let place = 0; place < text.length;) {
    const code = text.charCodeAt(place)
    if (code !== 0x5c && code >= 0x20) {
      place++
      continue
    }
    const piece = code === 0x5c ? readEscape(text, place) : controlCharacter(code, place)
    if (piece.fault !== undefined) faults.push(piece.fault)
    pieces.push(text.slice(from, place), piece.text)
    place += piece.length
    from = place
  }
  pieces.push(text.slice(from))
  return { value: pieces.join(''), faults }
}

interface Piece {
  readonly text: string
  readonly length: number
  readonly fault?: StringFault
}

function controlCharacter(code: number, place: number): Piece {
  const found = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`
  return { text: '', length: 1, fault: { rule: 'JSON-CONTROL-CHARACTER', place, found } }
}

function readEscape(text: string, place: number): Piece {
  const letter = text.charAt(place + 1)
  const plain = simple[letter]
  if (plain !== undefined) return { text: plain, length: 2 }
  const unit = letter === 'u' ? hexUnit(text, place + 2) : undefined
  if (unit === undefined) {
    const found = text.slice(place, place + (letter === 'u' ? 6 : 2))
    return { text: '', length: 2, fault: { rule: 'JSON-ESCAPE', place, found } }
  }
  if (unit < 0xd800 || unit > 0xdfff) return { text: String.fromCharCode(unit), length: 6 }
  const second = unit <= 0xdbff && text.startsWith('\\u', place + 6) ? hexUnit(text, place + 8) : undefined
  if (second !== undefined && second >= 0xdc00 && second <= 0xdfff) {
    return { text: String.fromCharCode(unit, second), length: 12 }
  }
  return { text: '', length: 6, fault: { rule: 'JSON-SURROGATE', place, found: text.slice(place, place + 6) } }
}

function hexUnit(text: string, place: number): number | undefined {
  const digits = text.slice(place, place + 4)
  return /^[0-9a-fA-F]{4}$/.test(digits) ? Number.parseInt(digits, 16) : undefined
}
