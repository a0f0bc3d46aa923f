import type { JsonLimits } from './limits.ts'

const mostNumberCharacters = 15

/**
 * Reads UTF-8 JSON with the platform's parser when that is sure to lose nothing: no key twice in an object, no number with
 * more digits than a double keeps, no lone surrogate, nothing beyond the limits. Undefined when one of these may be, or
 * when the text is not JSON: the careful reader then tells what is wrong, if anything is.
 */
export function parseLossless(body: Buffer, limits: JsonLimits): { readonly value: unknown } | undefined {
  const written = membersWritten(body, limits)
  if (written === undefined) return undefined
  try {
    const value: unknown = JSON.parse(body.toString())
    // Of two equal keys the parser keeps the last without a word, but then it keeps fewer members than were written.
    return membersKept(value) === written ? { value } : undefined
  } catch {
    return undefined
  }
}

/** Members of all objects of a text, supposing it is JSON: the colons outside its strings. Undefined when in doubt. */
function membersWritten(bytes: Buffer, limits: JsonLimits): number | undefined {
  const end = bytes.length
  let members = 0
  let depth = 0
  // Each comma and each opening bracket begins one value at most.
  let values = 1
  let at = 0
  while (at < end) {
    const byte = bytes[at++] ?? 0
    if (byte <= 0x20) continue
    if (byte === 0x22) at = afterString(bytes, at)
    else if (byte === 0x3a) members++
    else if (byte === 0x2c) values++
    else if (isOpening(byte)) {
      values++
      if (++depth > limits.depth) return undefined
    } else if (isClosing(byte)) depth--
    else if (isDigit(byte) || byte === 0x2d) at = afterNumber(bytes, at)
  }
  return at > end || values > limits.values ? undefined : members
}

/** The place after the closing quote; beyond the end, where no place is, when the string may hold a lone surrogate. */
function afterString(bytes: Buffer, start: number): number {
  for (let at = start; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0
    if (byte === 0x22) return at + 1
    if (byte === 0x5c && bytes[++at] === 0x75 && isLetterD(bytes[at + 1])) break
  }
  return bytes.length + 1
}

/** The place after a number of which one character was read; beyond the end when a double may not keep all of it. */
function afterNumber(bytes: Buffer, second: number): number {
  let at = second
  while (isDigit(bytes[at]) || bytes[at] === 0x2e) at++
  const hasExponent = bytes[at] === 0x65 || bytes[at] === 0x45
  return hasExponent || at - second >= mostNumberCharacters ? bytes.length + 1 : at
}

function isOpening(byte: number): boolean {
  return byte === 0x5b || byte === 0x7b
}

function isClosing(byte: number): boolean {
  return byte === 0x5d || byte === 0x7d
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39
}

/** Surrogates are written \uD800 to \uDFFF, in letters of either case. */
function isLetterD(byte: number | undefined): boolean {
  return byte === 0x44 || byte === 0x64
}

function membersKept(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  let members = 0
  if (Array.isArray(value)) {
    for (const item of value) members += membersKept(item)
  } else {
    const inside = value as Readonly<Record<string, unknown>>
    for (const key in inside) members += 1 + membersKept(inside[key])
  }
  return members
}
