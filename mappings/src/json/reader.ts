import { type Finding, type RuleId, finding } from '@socle/schemas'
import { readEscapes } from './escapes.ts'
import type { JsonLimits } from './limits.ts'
import { exactNumber, numberEnd } from './number.ts'
import { pointerOf } from './pointer.ts'
import { positionIn } from './position.ts'

/** Thrown to leave the recursion when nothing after the fault can be trusted; never leaves this file. */
class Stop extends Error {}

const mostFindings = 100
/** Stands in the path for a container of which no member was met yet. */
const noStep = -1
const anyValue = '{ [ " 0-9 true false null'

/**
 * Reads one JSON text (RFC 8259) by recursive descent over its bytes, which must be UTF-8. Faults that leave the rest
 * readable (a key given twice, a number that would lose digits, a control character) are noted and reading goes on;
 * any other stops it. Strings are cut from a Latin-1 copy, one byte a character, so that places in it are byte offsets;
 * only those with a byte over 127 are decoded, by themselves.
 */
export class JsonReader {
  readonly findings: Finding[] = []
  readonly #bytes: Buffer
  readonly #text: string
  readonly #limits: JsonLimits
  readonly #path: (string | number)[] = []
  #at = 0
  #depth = 0
  #values = 0

  constructor(bytes: Buffer, limits: JsonLimits) {
    this.#bytes = bytes
    this.#text = bytes.toString('latin1')
    this.#limits = limits
  }

  /** The value of the whole text; meaningless as soon as there is a finding. */
  read(): unknown {
    try {
      const value = this.#value()
      this.#blanks()
      if (this.#at < this.#bytes.length) this.#stop('JSON-TRAILING', { value: this.#token() })
      return value
    } catch (error) {
      if (!(error instanceof Stop)) throw error
      return undefined
    }
  }

  #value(): unknown {
    if (++this.#values > this.#limits.values) {
      this.#stop('JSON-TOO-MANY-VALUES', { expected: String(this.#limits.values) })
    }
    switch (this.#blanks()) {
      case 0x22:
        return this.#string()
      case 0x7b:
        return this.#object()
      case 0x5b:
        return this.#array()
      case 0x74:
        return this.#literal('true', true)
      case 0x66:
        return this.#literal('false', false)
      case 0x6e:
        return this.#literal('null', null)
      default:
        return this.#number()
    }
  }

  #object(): Record<string, unknown> {
    const level = this.#enter()
    const result: Record<string, unknown> = {}
    let next = this.#blanks()
    if (next === 0x7d) return this.#leave(result)
    for (;;) {
      const keyAt = this.#at
      if (next !== 0x22) this.#unexpected('"')
      const key = this.#string()
      this.#path[level] = key
      if (result[key] !== undefined && Object.hasOwn(result, key))
        this.#note('JSON-DUPLICATE-KEY', keyAt, { value: key })
      if (this.#blanks() !== 0x3a) this.#unexpected(':')
      this.#at++
      const value = this.#value()
      if (key === '__proto__') define(result, key, value)
      else result[key] = value
      next = this.#blanks()
      if (next === 0x7d) return this.#leave(result)
      if (next !== 0x2c) this.#unexpected(', }')
      this.#at++
      next = this.#blanks()
    }
  }

  #array(): unknown[] {
    const level = this.#enter()
    const result: unknown[] = []
    if (this.#blanks() === 0x5d) return this.#leave(result)
    for (;;) {
      this.#path[level] = result.length
      result.push(this.#value())
      const next = this.#blanks()
      if (next === 0x5d) return this.#leave(result)
      if (next !== 0x2c) this.#unexpected(', ]')
      this.#at++
    }
  }

  /** Passes the opening bracket; gives the place of this container's keys in the path. */
  #enter(): number {
    if (this.#depth >= this.#limits.depth) this.#stop('JSON-DEPTH', { expected: String(this.#limits.depth) })
    this.#at++
    this.#path[this.#depth] = noStep
    return this.#depth++
  }

  #leave<T>(container: T): T {
    this.#at++
    this.#depth--
    return container
  }

  #string(): string {
    const bytes = this.#bytes
    const start = this.#at + 1
    let at = start
    let allBits = 0
    for (; at < bytes.length; at++) {
      const byte = bytes[at] ?? 0
      if (byte === 0x22) {
        this.#at = at + 1
        return allBits > 0x7f ? bytes.toString('utf8', start, at) : this.#text.slice(start, at)
      }
      if (byte === 0x5c || byte < 0x20) break
      allBits |= byte
    }
    return this.#stringWithEscapes(start, at)
  }

  /** A string with a backslash or a control character, first met at `from`; or one that never ends. */
  #stringWithEscapes(start: number, from: number): string {
    const bytes = this.#bytes
    let end = from
    while (end < bytes.length && bytes[end] !== 0x22) end += bytes[end] === 0x5c ? 2 : 1
    if (end >= bytes.length) this.#stop('JSON-TRUNCATED', {}, bytes.length)
    const between = bytes.toString('utf8', start, end)
    const { value, faults } = readEscapes(between)
    for (const { rule, place, found } of faults) {
      this.#note(rule, start + Buffer.byteLength(between.slice(0, place)), { value: found })
    }
    this.#at = end + 1
    return value
  }

  #number(): number {
    const start = this.#at
    const end = numberEnd(this.#text, start)
    if (end === undefined || !endsNumber(this.#bytes[end])) {
      const token = this.#token()
      if (/^[-+.0-9]|^(nan|inf)/i.test(token)) this.#stop('JSON-NUMBER', { value: token })
      this.#unexpected(anyValue)
    }
    this.#at = end
    const literal = this.#text.slice(start, end)
    const value = exactNumber(literal)
    if (value === undefined) this.#note('JSON-NUMBER-PRECISION', start, { value: literal })
    return value ?? 0
  }

  #literal<T>(word: string, value: T): T {
    if (!this.#text.startsWith(word, this.#at)) this.#unexpected(anyValue)
    this.#at += word.length
    return value
  }

  /** Skips blanks; the byte that follows them, -1 at the end. */
  #blanks(): number {
    const bytes = this.#bytes
    let at = this.#at
    let byte = bytes[at] ?? -1
    while (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) byte = bytes[++at] ?? -1
    this.#at = at
    return byte
  }

  /** The word or the character at this place, for a message. */
  #token(): string {
    const rest = this.#bytes.toString('utf8', this.#at, this.#at + 40)
    return /^[\w.+-]+/.exec(rest)?.[0] ?? Array.from(rest)[0] ?? ''
  }

  #unexpected(expected: string): never {
    if (this.#at >= this.#bytes.length) this.#stop('JSON-TRUNCATED', {})
    this.#stop('JSON-SYNTAX', { value: this.#token(), expected })
  }

  #stop(rule: RuleId, what: { value?: string; expected?: string }, place = this.#at): never {
    this.#note(rule, place, what)
    throw new Stop()
  }

  #note(rule: RuleId, place: number, what: { value?: string; expected?: string }): void {
    if (this.findings.length >= mostFindings) return
    const pointer = pointerOf(this.#path.slice(0, this.#depth).filter((step) => step !== noStep))
    this.findings.push(finding(rule, { pointer, ...what }, positionIn(this.#bytes, place)))
  }
}

/** True when a number may end before this byte: anything but a delimiter there would make one malformed word. */
function endsNumber(byte: number | undefined): boolean {
  return byte === undefined || byte <= 0x20 || byte === 0x2c || byte === 0x7d || byte === 0x5d
}

// Assigning to `__proto__` would change the prototype instead of adding a member.
function define(target: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true })
}
