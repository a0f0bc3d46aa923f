import { type Finding, finding } from '@socle/schemas'
import { type ErrorDetail, ParseOption, XmlDocument, XmlLibError } from 'libxml2-wasm'
import { decodeXml, encodings } from './encoding.ts'
import { type Limits, type Scan, lineAt, limits, scanMarkup } from './scan.ts'

/**
 * What passed the gate: the decoded text, what was counted in it so that the reader can be checked, and the document as
 * libxml2 holds it, so that schemas judge it without parsing it again. Whoever passed it disposes of it: its memory is
 * not the platform's.
 */
export interface Passed extends Disposable {
  readonly text: string
  readonly elements: number
  readonly document: XmlDocument
}

export type Gated = Passed | { readonly findings: readonly Finding[] }

/** 10 MiB. The largest real document known weighs 1.8 MB. */
export const defaultMaxBytes: number = 10 * 1024 * 1024

/**
 * No entity is replaced, no DTD is loaded, nothing is fetched: an input provider (of memory) is registered only while a
 * schema is compiled, so libxml2 has no way to open a file or an address. A DTD is refused before it gets here anyway.
 */
const parsing: ParseOption =
  ParseOption.XML_PARSE_NONET |
  ParseOption.XML_PARSE_NO_XXE |
  ParseOption.XML_PARSE_NO_SYS_CATALOG |
  ParseOption.XML_PARSE_BIG_LINES

/**
 * Lets a document through when it is well-formed XML with namespaces, without DTD, within the limits and in an
 * encoding that is read; else says every reason that can be told. Cheap refusals come first: a document made to
 * exhaust a parser never reaches one. Never throws on any bytes.
 */
export function passGate(bytes: Uint8Array, maxBytes: number = defaultMaxBytes): Gated {
  if (bytes.length > maxBytes) {
    return refuse(finding('FORMAT-TOO-LARGE', { value: String(bytes.length), expected: String(maxBytes) }))
  }
  const decoded = decodeXml(bytes)
  if ('fault' in decoded) {
    const place = { value: decoded.encoding, expected: encodings.join(', ') }
    return refuse(finding('XML-ENCODING', place, { line: String(decoded.line) }))
  }
  if (decoded.text.trim() === '') return refuse(finding('FORMAT-EMPTY', {}))
  const scan = scanMarkup(decoded.text)
  const bomb = judgeScan(decoded.text, scan)
  if (bomb !== undefined) return refuse(bomb)
  const parsed = parse(decoded.encoding === 'UTF-8' ? bytes : Buffer.from(decoded.text))
  if (!(parsed instanceof XmlDocument)) return { findings: judgeFaults(parsed, decoded.text, scan) }
  return {
    text: decoded.text,
    elements: scan.elements,
    document: parsed,
    [Symbol.dispose]() {
      parsed.dispose()
    },
  }
}

function refuse(found: Finding): Gated {
  return { findings: [found] }
}

function judgeScan(text: string, { stop, ...counts }: Scan): Finding | undefined {
  if (stop === undefined || stop.why === 'cut') return undefined
  const line = { line: String(lineAt(text, stop.at)) }
  if (stop.why === 'dtd') return finding('XML-DTD', { value: text.slice(stop.at, stop.at + 80) }, line)
  const expected = String(limits[stop.why])
  if (stop.why === 'depth') return finding('XML-TOO-DEEP', { expected }, line)
  return finding('XML-TOO-MANY', { value: String(counts[stop.why]), expected: `${expected} ${named[stop.why]}` }, line)
}

const named: Readonly<Record<Exclude<keyof Limits, 'depth'>, string>> = {
  elements: 'éléments / elements',
  attributes: 'attributs / attributes',
  attributesOfOne: 'attributs d’un élément / attributes of an element',
  pieces: 'textes et commentaires / texts and comments',
}

/** The document, or what libxml2 holds against it; then nothing of it is left in its memory. */
function parse(utf8: Uint8Array): XmlDocument | readonly ErrorDetail[] {
  try {
    // The encoding was settled above; naming it keeps libxml2 from following a declaration that no longer holds.
    const document = XmlDocument.fromBuffer(utf8, { encoding: 'UTF-8', option: parsing })
    if (document.dtd === null) return document
    document.dispose()
    return [{ message: 'a DTD got through', level: fatal, line: 1, col: 1 }]
  } catch (error) {
    if (error instanceof XmlLibError && error.details.length > 0) return error.details
    return [{ message: error instanceof Error ? error.message : String(error), level: fatal, line: 1, col: 1 }]
  }
}

const fatal = 3
const mostFindings = 20

/** After a fatal error libxml2 only reports echoes of it; namespace errors (level 2) stand each for itself. */
function judgeFaults(faults: readonly ErrorDetail[], text: string, scan: Scan): readonly Finding[] {
  const firstFatal = faults.findIndex((fault) => fault.level >= fatal)
  const heard = firstFatal === -1 ? faults : faults.slice(0, firstFatal + 1)
  return heard.slice(0, mostFindings).map((fault) => judgeFault(fault, text, scan))
}

const causes = [
  ['XML-TAG-MISMATCH', /tag mismatch/],
  ['XML-REFERENCE', /Entity|EntityRef|CharRef/],
  ['XML-NAMESPACE', /[Nn]amespace|xmlns/],
  ['XML-CHARACTER', /invalid Char|Char 0x|Invalid bytes/],
  ['XML-NOT-XML', /Start tag expected|Document is empty/],
] as const

function judgeFault({ message, line }: ErrorDetail, text: string, scan: Scan): Finding {
  const at = { line: String(line), reason: message.trim() }
  const isCut = scan.stop?.why === 'cut' || (scan.open > 0 && /Premature end/.test(message))
  if (isCut && !/tag mismatch/.test(message) && line >= lineAt(text, text.length) - 1) {
    return finding('XML-TRUNCATED', { value: String(Math.max(scan.open, 1)) }, at)
  }
  const cause = causes.find(([, shape]) => shape.test(message))
  return finding(cause?.[0] ?? 'XML-MALFORMED', {}, at)
}
