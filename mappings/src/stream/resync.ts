import type { DecpContract } from '../decp/view.ts'

/** Where a stream can be read again after a record that broke it. */
export interface Boundary {
  /** Place after the broken record. */
  readonly end: number
  /** Place of the next record. */
  readonly next: number
  /** Given when the next record stands in the other list. */
  readonly contract?: DecpContract
}

/**
 * Looks for the start of the next record after a place. In a list it is told by the name every record of a file begins
 * with, after the end of an object; in a sequence of documents by a line that begins with a bracket.
 */
export function findBoundary(bytes: Buffer, from: number, place: 'list' | 'sequence'): Boundary | undefined {
  const text = bytes.toString('latin1')
  if (place === 'sequence') {
    // The bracket that showed the fault may be that of the next line.
    const start = Math.max(from - 1, 0)
    const at = text.slice(start).search(/\n[{[]/)
    return at === -1 ? undefined : { end: start + at, next: start + at + 1 }
  }
  const name = /^\{\s*("[^"\\]{1,60}")/.exec(text)?.[1] ?? '"id"'
  const escaped = name.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`)
  const here = new RegExp(String.raw`^\s{0,99}(?=\{\s{0,99}${escaped})`).exec(text.slice(from, from + 300))
  const before = text.slice(0, from).trimEnd()
  if (here !== null && before.endsWith(',')) return { end: before.length - 1, next: from + here[0].length }
  const pattern = new RegExp(
    String.raw`\}(?:\s{0,99},\s{0,99}|\s{0,99}\]\s{0,99},\s{0,99}"(marche|contrat-concession)"\s{0,99}:\s{0,99}\[\s{0,99})(?=\{\s{0,99}${escaped})`,
    'g',
  )
  // A text that was never closed is known by its line break, after the end of its object.
  pattern.lastIndex = from - (/\}?\s{0,99},?\s{0,99}$/.exec(text.slice(0, from))?.[0].length ?? 0)
  const found = pattern.exec(text)
  if (found === null) return undefined
  const [whole, list] = found
  const contract = list === 'marche' || list === 'contrat-concession' ? list : undefined
  return {
    end: found.index + 1,
    next: found.index + whole.length,
    ...(contract === undefined ? {} : { contract }),
  }
}

/** The place of the next line of a record that begins exactly as the first one does. */
export function findLine(bytes: Buffer): number | undefined {
  const text = bytes.toString('latin1')
  const start = /^\{\s{0,99}"[^"\\]{1,60}"/.exec(text)?.[0]
  const at = start === undefined ? -1 : text.indexOf(`\n${start}`)
  return at === -1 ? undefined : at + 1
}

/** True when a text ends as a file of records does, so that nothing more was to come. */
export function endsAsFile(bytes: Buffer): boolean {
  return /\}\s*\]\s*(?:\}\s*){0,2}$/.test(bytes.subarray(-512).toString('latin1'))
}
