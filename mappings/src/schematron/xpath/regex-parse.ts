import { UnsupportedXPath } from './ast.ts'

export type CharacterSet = (code: number) => boolean

/** The syntax of XPath's regular expressions (functions, 7.6.1), without back references, flags and block escapes. */
export type Term =
  | { readonly kind: 'character'; readonly includes: CharacterSet }
  | { readonly kind: 'start' | 'end' }
  | { readonly kind: 'all'; readonly parts: readonly Term[] }
  | { readonly kind: 'any'; readonly choices: readonly Term[] }
  | { readonly kind: 'repeat'; readonly term: Term; readonly least: number; readonly most: number | undefined }

export function parsePattern(pattern: string): Term {
  const reader = new Reader(pattern)
  const term = parseChoice(reader)
  if (reader.peek() !== '') throw new UnsupportedXPath(`a regular expression with ${reader.peek()} out of place`)
  return term
}

class Reader {
  readonly #characters: readonly string[]
  #at = 0

  constructor(pattern: string) {
    this.#characters = Array.from(pattern)
  }

  peek(): string {
    return this.#characters[this.#at] ?? ''
  }

  next(): string {
    const character = this.peek()
    if (character === '') throw new UnsupportedXPath('a regular expression that ends too early')
    this.#at += 1
    return character
  }

  take(text: string): boolean {
    const isThere = text.split('').every((character, i) => this.#characters[this.#at + i] === character)
    if (isThere) this.#at += text.length
    return isThere
  }
}

function parseChoice(reader: Reader): Term {
  const choices = [parseBranch(reader)]
  while (reader.take('|')) choices.push(parseBranch(reader))
  const [only] = choices
  return choices.length === 1 && only !== undefined ? only : { kind: 'any', choices }
}

function parseBranch(reader: Reader): Term {
  const parts: Term[] = []
  while (reader.peek() !== '' && reader.peek() !== '|' && reader.peek() !== ')') parts.push(parsePiece(reader))
  return { kind: 'all', parts }
}

function parsePiece(reader: Reader): Term {
  let term = parseAtom(reader)
  for (;;) {
    const [least, most] = parseQuantifier(reader) ?? []
    if (least === undefined) return term
    term = { kind: 'repeat', term, least, most }
    // Taking as little as possible changes what is taken, not whether there is a match.
    reader.take('?')
  }
}

function parseQuantifier(reader: Reader): readonly [least: number, most: number | undefined] | undefined {
  if (reader.take('?')) return [0, 1]
  if (reader.take('*')) return [0, undefined]
  if (reader.take('+')) return [1, undefined]
  if (!reader.take('{')) return undefined
  let text = ''
  while (!reader.take('}')) text += reader.next()
  const [, least, comma, most] = /^(\d+)(,(\d*))?$/.exec(text) ?? []
  if (least === undefined) throw new UnsupportedXPath(`the quantifier {${text}}`)
  if (comma === undefined) return [Number(least), Number(least)]
  return [Number(least), most === '' || most === undefined ? undefined : Number(most)]
}

function parseAtom(reader: Reader): Term {
  const character = reader.next()
  switch (character) {
    case '^':
      return { kind: 'start' }
    case '$':
      return { kind: 'end' }
    case '.':
      return { kind: 'character', includes: (code) => code !== 0x0a && code !== 0x0d }
    case '(': {
      if (reader.peek() === '?' && !reader.take('?:')) throw new UnsupportedXPath('a regular expression with (?')
      const inner = parseChoice(reader)
      if (!reader.take(')')) throw new UnsupportedXPath('a regular expression with an open group')
      return inner
    }
    case '[':
      return { kind: 'character', includes: parseClass(reader) }
    case '\\':
      return { kind: 'character', includes: parseEscape(reader).includes }
    default:
      if (/[?*+{}\]]/.test(character)) throw new UnsupportedXPath(`a regular expression with ${character} out of place`)
      return { kind: 'character', includes: exactly(character) }
  }
}

function exactly(character: string): CharacterSet {
  const wanted = character.codePointAt(0)
  return (code) => code === wanted
}

interface Escape {
  readonly includes: CharacterSet
  /** The character itself when the escape stands for one: it may begin or end a range. */
  readonly character?: string
}

const named: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' }

/** What the letters stand for (XML Schema part 2, appendix F); the capital is everything else. */
const classes: Readonly<Record<string, RegExp>> = {
  d: /\p{Nd}/u,
  s: /[ \t\n\r]/u,
  w: /[^\p{P}\p{Z}\p{C}]/u,
}

function parseEscape(reader: Reader): Escape {
  const letter = reader.next()
  if (/[\\|.?*+(){}[\]^$-]/.test(letter)) return { includes: exactly(letter), character: letter }
  const plain = named[letter]
  if (plain !== undefined) return { includes: exactly(plain), character: plain }
  const shape = classes[letter] ?? classes[letter.toLowerCase()]
  if (shape !== undefined) return { includes: ofShape(shape, letter in classes) }
  if (letter === 'p' || letter === 'P') return { includes: parseProperty(reader, letter === 'p') }
  // Processors take these as themselves, and the rules count on it.
  if (/[!:;,"'#%&@_=/~<>`]/.test(letter)) return { includes: exactly(letter), character: letter }
  throw new UnsupportedXPath(`the escape \\${letter} in a regular expression`)
}

function parseProperty(reader: Reader, isIn: boolean): CharacterSet {
  if (!reader.take('{')) throw new UnsupportedXPath('a property without name in a regular expression')
  let name = ''
  while (!reader.take('}')) name += reader.next()
  if (!/^[LMNPZSC][a-z]?$/.test(name)) throw new UnsupportedXPath(`the property ${name} in a regular expression`)
  return ofShape(new RegExp(`\\p{${name}}`, 'u'), isIn)
}

function ofShape(shape: RegExp, isIn: boolean): CharacterSet {
  return (code) => shape.test(String.fromCodePoint(code)) === isIn
}

function parseClass(reader: Reader): CharacterSet {
  const isNegated = reader.take('^')
  const parts: CharacterSet[] = []
  while (!reader.take(']')) {
    if (reader.peek() === '-' && parts.length > 0 && reader.take('-[')) {
      const removed = parseClass(reader)
      if (!reader.take(']')) throw new UnsupportedXPath('a class with something after a subtraction')
      return (code) => parts.some((part) => part(code)) !== isNegated && !removed(code)
    }
    parts.push(parseClassPart(reader))
  }
  return (code) => parts.some((part) => part(code)) !== isNegated
}

function parseClassPart(reader: Reader): CharacterSet {
  const from = parseClassCharacter(reader)
  if (from.character === undefined || reader.peek() !== '-') return from.includes
  reader.take('-')
  if (reader.peek() === ']') {
    const dash = exactly('-')
    return (code) => from.includes(code) || dash(code)
  }
  const to = parseClassCharacter(reader)
  const [low, high] = [from.character.codePointAt(0), to.character?.codePointAt(0)]
  if (low === undefined || high === undefined || low > high) throw new UnsupportedXPath('a range of no characters')
  return (code) => code >= low && code <= high
}

function parseClassCharacter(reader: Reader): Escape {
  const character = reader.next()
  if (character === '\\') return parseEscape(reader)
  if (character === '[') throw new UnsupportedXPath('a class with [ in it')
  return { includes: exactly(character), character }
}
