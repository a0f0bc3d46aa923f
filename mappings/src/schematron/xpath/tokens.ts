import { UnsupportedXPath } from './ast.ts'

export interface Token {
  readonly kind: 'name' | 'string' | 'number' | 'symbol' | 'variable' | 'end'
  readonly text: string
  readonly at: number
}

const ncName = '[\\p{L}_][\\p{L}\\p{N}_.\\-·]*'
const shapes: readonly (readonly [kind: Token['kind'] | 'space', shape: RegExp])[] = [
  ['space', /\s+/y],
  ['string', /"(?:[^"]|"")*"|'(?:[^']|'')*'/y],
  ['number', /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y],
  ['variable', new RegExp(`\\$(?:${ncName}:)?${ncName}`, 'yu')],
  // An axis (`child::`) is no prefix: two colons end a name. Neither is a star (`p:*`) part of one.
  ['name', new RegExp(`${ncName}(?::(?!:)${ncName})?`, 'yu')],
  ['symbol', /::|\/\/|\.\.|<=|>=|!=|<<|>>|[()[\]@,/.*+\-=<>|:]/y],
]

/** Cuts an expression into tokens, the last of which is `end`. Throws UnsupportedXPath on a character that begins none. */
export function tokenize(source: string): readonly Token[] {
  const tokens: Token[] = []
  let at = 0
  while (at < source.length) {
    const found = longest(source, at)
    if (found === undefined)
      throw new UnsupportedXPath(`a character that begins no token: ${source.slice(at, at + 10)}`)
    const [kind, text] = found
    if (kind !== 'space') tokens.push({ kind, text: kind === 'string' ? unquote(text) : text, at })
    at += text.length
  }
  return [...tokens, { kind: 'end', text: '', at }]
}

function longest(source: string, at: number): readonly [Token['kind'] | 'space', string] | undefined {
  for (const [kind, shape] of shapes) {
    shape.lastIndex = at
    const text = shape.exec(source)?.[0]
    if (text !== undefined) return [kind, text]
  }
  return undefined
}

function unquote(text: string): string {
  const quote = text.charAt(0)
  return text.slice(1, -1).replaceAll(quote + quote, quote)
}
