import { type Expr, UnsupportedXPath } from './ast.ts'
import { type Token, tokenize } from './tokens.ts'

interface Parsers {
  readonly parseSequence: (cursor: Cursor) => Expr
  readonly parseSingle: (cursor: Cursor) => Expr
}

/** Where a parser is in an expression. The parsers of expressions are handed in: they need those of paths, and are needed by them. */
export class Cursor {
  readonly prefixes: ReadonlyMap<string, string>
  readonly parseSequence: (cursor: Cursor) => Expr
  readonly parseSingle: (cursor: Cursor) => Expr
  readonly #tokens: readonly Token[]
  #next = 0

  constructor(source: string, prefixes: ReadonlyMap<string, string>, parsers: Parsers) {
    this.prefixes = prefixes
    this.parseSequence = parsers.parseSequence
    this.parseSingle = parsers.parseSingle
    this.#tokens = tokenize(source)
  }

  peek(ahead = 0): Token {
    return this.#tokens[this.#next + ahead] ?? { kind: 'end', text: '', at: 0 }
  }

  skip(): Token {
    const token = this.peek()
    this.#next += 1
    return token
  }

  at(): string {
    const { at, text } = this.peek()
    return `character ${at} (${text === '' ? 'the end' : text})`
  }

  isAtEnd(): boolean {
    return this.peek().kind === 'end'
  }

  isSymbol(symbol: string, ahead = 0): boolean {
    const { kind, text } = this.peek(ahead)
    return kind === 'symbol' && text === symbol
  }

  /** A word followed by `(` or by a variable: only then is it a keyword and no element of that name. */
  sees(word: string, then: '(' | '$'): boolean {
    const { kind, text } = this.peek()
    if (kind !== 'name' || text !== word) return false
    return then === '$' ? this.peek(1).kind === 'variable' : this.isSymbol('(', 1)
  }

  takeSymbol(symbol: string): boolean {
    if (!this.isSymbol(symbol)) return false
    this.#next += 1
    return true
  }

  takeName(name: string): boolean {
    const { kind, text } = this.peek()
    if (kind !== 'name' || text !== name) return false
    this.#next += 1
    return true
  }

  expectSymbol(symbol: string): void {
    if (!this.takeSymbol(symbol)) throw new UnsupportedXPath(`${symbol} expected at ${this.at()}`)
  }

  expectName(name: string): void {
    if (!this.takeName(name)) throw new UnsupportedXPath(`${name} expected at ${this.at()}`)
  }

  expectVariable(): string {
    const { kind, text } = this.peek()
    if (kind !== 'variable') throw new UnsupportedXPath(`a variable expected at ${this.at()}`)
    this.#next += 1
    return text.slice(1)
  }
}
