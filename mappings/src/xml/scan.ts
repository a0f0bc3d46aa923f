/**
 * What may be in one document. Far above the largest real one (a notice of 100 lots: 26 000 elements, 12 deep), far
 * below what would exhaust memory: a document at these limits takes a few seconds.
 */
export interface Limits {
  readonly depth: number
  readonly elements: number
  readonly attributes: number
  /** Attributes of one element: parsers compare them with one another. */
  readonly attributesOfOne: number
  /** Texts, comments, CDATA sections and processing instructions together. */
  readonly pieces: number
}

export const limits: Limits = {
  depth: 100,
  elements: 500_000,
  attributes: 1_000_000,
  attributesOfOne: 1_000,
  pieces: 1_000_000,
}

export interface Scan {
  readonly elements: number
  readonly attributes: number
  /** The most on one element. */
  readonly attributesOfOne: number
  readonly pieces: number
  /** Elements still open where the scan ended. */
  readonly open: number
  /** Why the scan stopped before the end, and where (index in the text). */
  readonly stop?: { readonly why: 'dtd' | 'cut' | keyof Limits; readonly at: number }
}

interface Counts {
  elements: number
  attributes: number
  attributesOfOne: number
  pieces: number
  open: number
}

/**
 * One pass over the markup that builds nothing: a document made to exhaust a parser is found here, before any
 * parser sees it. It does not judge well-formedness (names are not compared); the gate's parser does.
 */
export function scanMarkup(text: string, most: Limits = limits): Scan {
  const counts: Counts = { elements: 0, attributes: 0, attributesOfOne: 0, pieces: 0, open: 0 }
  let at = 0
  while (at < text.length) {
    const next = text.indexOf('<', at)
    if (next !== at) counts.pieces += 1
    if (next === -1) break
    const end = pass(text, next, counts)
    if (end === 'dtd') return { ...counts, stop: { why: 'dtd', at: next } }
    if (end === -1) return { ...counts, stop: { why: 'cut', at: next } }
    const over = exceeded(counts, most)
    if (over !== undefined) return { ...counts, stop: { why: over, at: next } }
    at = end
  }
  return counts
}

/** Counts the piece of markup that starts at `at`; gives the index after it, or -1 when it does not end. */
function pass(text: string, at: number, counts: Counts): number | 'dtd' {
  switch (text.charCodeAt(at + 1)) {
    case 0x21: // <!
      counts.pieces += 1
      if (text.startsWith('--', at + 2)) return after(text, '-->', at + 4)
      if (text.startsWith('[CDATA[', at + 2)) return after(text, ']]>', at + 9)
      return 'dtd'
    case 0x3f: // <?
      counts.pieces += 1
      return after(text, '?>', at + 2)
    case 0x2f: // </
      counts.open -= 1
      return after(text, '>', at + 2)
    default:
      return passStartTag(text, at, counts)
  }
}

function passStartTag(text: string, at: number, counts: Counts): number {
  counts.elements += 1
  const before = counts.attributes
  for (let i = at + 1; i < text.length; i += 1) {
    const code = text.charCodeAt(i)
    if (code === 0x3e) {
      if (text.charCodeAt(i - 1) !== 0x2f) counts.open += 1
      counts.attributesOfOne = Math.max(counts.attributesOfOne, counts.attributes - before)
      return i + 1
    }
    if (code === 0x22 || code === 0x27) {
      counts.attributes += 1
      i = text.indexOf(code === 0x22 ? '"' : "'", i + 1)
      if (i === -1) return -1
    }
  }
  return -1
}

function after(text: string, mark: string, from: number): number {
  const found = text.indexOf(mark, from)
  return found === -1 ? -1 : found + mark.length
}

function exceeded(counts: Counts, most: Limits): keyof Limits | undefined {
  if (counts.open > most.depth) return 'depth'
  if (counts.elements > most.elements) return 'elements'
  if (counts.attributes > most.attributes) return 'attributes'
  if (counts.attributesOfOne > most.attributesOfOne) return 'attributesOfOne'
  if (counts.pieces > most.pieces) return 'pieces'
  return undefined
}

/** 1-based line of an index: what an editor shows. */
export function lineAt(text: string, index: number): number {
  let line = 1
  for (let at = text.indexOf('\n'); at !== -1 && at < index; at = text.indexOf('\n', at + 1)) line += 1
  return line
}
