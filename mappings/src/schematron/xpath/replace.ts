import { UnsupportedXPath } from './ast.ts'

/** Removing white space at the ends of a text is all the rules replace: anything else is outside the subset. */
const trims: Readonly<Record<string, (text: string) => string>> = {
  '\\s+$': (text) => text.slice(0, lastOf(text) + 1),
  '^\\s+': (text) => text.slice(firstOf(text)),
}

/** Compiles `fn:replace`. By hand, because a regular expression takes quadratic time to find white space at an end. */
export function compileReplace(pattern: string, replacement: string): (text: string) => string {
  const trim = trims[pattern]
  if (trim === undefined || replacement !== '') throw new UnsupportedXPath(`replace by the pattern ${pattern}`)
  return trim
}

function lastOf(text: string): number {
  let last = text.length - 1
  while (last >= 0 && isSpace(text.charCodeAt(last))) last -= 1
  return last
}

function firstOf(text: string): number {
  let first = 0
  while (first < text.length && isSpace(text.charCodeAt(first))) first += 1
  return first
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x09 || code === 0x0d
}
