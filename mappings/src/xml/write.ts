/** An element to write. Names carry their prefix; the root declares the namespaces in its attributes. */
export interface XmlElement {
  readonly name: string
  /** Attributes without a value are left out. */
  readonly attrs?: Readonly<Record<string, string | undefined>>
  /** Elements, or one text; what is undefined is left out. */
  readonly children?: readonly (XmlElement | string | undefined)[]
}

/** An element that holds one text; undefined when there is no text, so that optional fields can be listed as they are. */
export function leaf(
  name: string,
  text: string | undefined,
  attrs: Readonly<Record<string, string | undefined>> = {},
): XmlElement | undefined {
  return text === undefined ? undefined : { name, attrs, children: [text] }
}

/** An element around others; undefined when none of them is there. */
export function group(
  name: string,
  children: readonly (XmlElement | string | undefined)[],
  attrs: Readonly<Record<string, string | undefined>> = {},
): XmlElement | undefined {
  return children.some((child) => child !== undefined) ? { name, attrs, children } : undefined
}

/**
 * The document as text to be encoded in UTF-8, with its declaration, elements indented by two blanks and texts as they
 * are: reading it back gives the same texts, carriage returns included. The only place where XML is escaped.
 * Throws a RangeError on a character that XML 1.0 has no way to write (section 2.2).
 */
export function writeXml(root: XmlElement): string {
  const out: string[] = ['<?xml version="1.0" encoding="UTF-8"?>\n']
  append(out, root, '')
  return out.join('')
}

function append(out: string[], { name, attrs = {}, children = [] }: XmlElement, indent: string): void {
  out.push(indent, '<', name)
  for (const [key, value] of Object.entries(attrs)) {
    if (value !== undefined) out.push(' ', key, '="', escape(value, inAttribute), '"')
  }
  const present = children.filter((child) => child !== undefined)
  if (present.length === 0) {
    out.push('/>\n')
    return
  }
  // White space is added between elements only: beside a text it would become part of it.
  const isMixed = present.some((child) => typeof child === 'string')
  out.push(isMixed ? '>' : '>\n')
  for (const child of present) {
    if (typeof child === 'string') out.push(escape(child, inText))
    else append(out, child, isMixed ? '' : `${indent}  `)
  }
  out.push(isMixed ? '' : indent, '</', name, '>\n')
}

const inText = /[&<>\r]/g
const inAttribute = /[&<>"\t\n\r]/g
// oxlint-disable-next-line no-control-regex -- the very characters that must not get through
const unwritable = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u

/** Blanks that a reader would turn into others are written as numbers (XML 1.0, sections 2.11 and 3.3.3). */
function escape(text: string, special: RegExp): string {
  const found = unwritable.exec(text)
  if (found !== null) {
    const code = (found[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
    throw new RangeError(`XML cannot carry the character U+${code}`)
  }
  return text.replace(special, (character) => references[character] ?? `&#${character.charCodeAt(0)};`)
}

const references: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
