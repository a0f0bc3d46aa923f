import { ProofError } from './proof-error.ts'

/** What an envelope may hold. No floating point, no boolean, no null: each value then has one text only. */
export type CanonicalValue = string | number | readonly CanonicalValue[] | { readonly [key: string]: CanonicalValue }

const maxDepth = 32
const loneSurrogate = /\p{Cs}/u
/** Texts that stand for themselves between quotes: nearly all of them, and several times faster than escaping. */
const plain = /^[ !#-[\]-~]*$/

/**
 * RFC 8785 text of a value: keys in UTF-16 order, no white space.
 * @throws ProofError for anything but strings, safe integers, arrays and objects; for lone surrogates; beyond 32 levels
 */
export function jcs(value: unknown): string {
  return write(value, 0)
}

/** RFC 8785 bytes (UTF-8). */
export function jcsBytes(value: unknown): Buffer {
  return Buffer.from(jcs(value))
}

function write(value: unknown, depth: number): string {
  if (typeof value === 'string') return writeString(value)
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw new ProofError(`${value} is not a safe integer`)
    return String(value)
  }
  if (typeof value !== 'object' || value === null) throw new ProofError(`a ${typeof value} has no canonical form here`)
  if (depth === maxDepth) throw new ProofError(`nested more than ${maxDepth} levels deep`)
  return Array.isArray(value) ? writeArray(value, depth) : writeObject(value, depth)
}

function writeString(text: string): string {
  if (plain.test(text)) return `"${text}"`
  if (loneSurrogate.test(text)) throw new ProofError('a string has half of a surrogate pair')
  return JSON.stringify(text)
}

function writeArray(values: readonly unknown[], depth: number): string {
  let text = '['
  for (let at = 0; at < values.length; at += 1) {
    if (at > 0) text += ','
    text += write(values[at], depth + 1)
  }
  return `${text}]`
}

function writeObject(value: object, depth: number): string {
  let text = '{'
  // The default order of sort() is that of UTF-16 code units, which RFC 8785 section 3.2.3 asks for.
  for (const key of Object.keys(value).sort()) {
    if (text.length > 1) text += ','
    text += `${writeString(key)}:${write(Reflect.get(value, key), depth + 1)}`
  }
  return `${text}}`
}
