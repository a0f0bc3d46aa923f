import { XMLParser } from 'fast-xml-parser'
import { limits } from './scan.ts'
import type { XmlNode } from './node.ts'

/** What the parser gives with `preserveOrder`: one key for the name, `:@` for the attributes. */
type Piece = Readonly<Record<string, unknown>>

interface Building extends XmlNode {
  children: XmlNode[]
  text: string
}

const attributesKey = ':@'
const textKey = '#text'
const cdataKey = '#cdata'

const parser: XMLParser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  textNodeName: textKey,
  cdataPropName: cdataKey,
  trimValues: false,
  parseTagValue: false,
  parseAttributeValue: false,
  // Done here instead, so that CDATA stays as it is and no limit of the library loses text.
  processEntities: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
  maxNestedTags: limits.depth + 1,
  jPath: false,
  // Names are compared, never used as code; those it refuses all the same (constructor, __proto__) no format has.
  onDangerousProperty: (name) => name,
})

/**
 * Reads a document that passed the gate into a tree and gives its root. Text is kept as it stands, references are
 * resolved (the five of XML and character numbers, nothing else exists without a DTD), prefixes become namespaces.
 * Throws when the document holds something this reader cannot carry, or when it saw another number of elements
 * than the gate counted: two readers that disagree on a document must not let it through.
 */
export function readXml(text: string, elements: number): XmlNode {
  // oxlint-disable-next-line typescript/no-unsafe-assignment -- the library is untyped here; pieces are checked one by one
  const pieces: unknown = parser.parse(text)
  const count = { elements: 0 }
  const roots = isPieces(pieces) ? buildAll(pieces, undefined, rootScope, count) : []
  const [root] = roots
  if (root === undefined || roots.length > 1) throw new Error(`${roots.length} root elements`)
  if (count.elements !== elements) throw new Error(`${count.elements} elements read, ${elements} counted`)
  return root
}

/** Prefixes to namespaces; each element that declares some inherits the rest, so that depth costs and number does not. */
type Scope = Readonly<Record<string, string>>

const rootScope: Scope = Object.assign(nothing(), { '': '' })

function nothing(): Record<string, string> {
  return Object.create(null) as Record<string, string>
}

function buildAll(
  pieces: readonly Piece[],
  parent: Building | undefined,
  scope: Scope,
  count: { elements: number },
): XmlNode[] {
  const nodes: XmlNode[] = []
  let text = ''
  for (const piece of pieces) {
    for (const key in piece) {
      const value = piece[key]
      if (key === attributesKey) continue
      if (key === textKey) text += decodeReferences(asText(value))
      else if (key === cdataKey) text += rawText(value)
      else if (isPieces(value))
        nodes.push(build(key, { value, attributes: piece[attributesKey] }, { parent, scope, count }))
    }
  }
  if (parent !== undefined) parent.text = nodes.length > 0 && text.trim() === '' ? '' : text
  return nodes
}

interface Around {
  readonly parent: Building | undefined
  readonly scope: Scope
  readonly count: { elements: number }
}

function build(qname: string, piece: { value: readonly Piece[]; attributes: unknown }, around: Around): XmlNode {
  around.count.elements += 1
  const attrs = readAttributes(piece.attributes)
  const scope = declare(attrs, around.scope)
  const colon = qname.indexOf(':')
  const ns = scope[colon === -1 ? '' : qname.slice(0, colon)] ?? ''
  const node: Building = {
    name: qname.slice(colon + 1),
    qname,
    ns,
    attrs,
    children: [],
    text: '',
    parent: around.parent,
  }
  node.children = buildAll(piece.value, node, scope, around.count)
  return node
}

const noAttributes: Readonly<Record<string, string>> = Object.freeze({})

function readAttributes(found: unknown): Readonly<Record<string, string>> {
  if (typeof found !== 'object' || found === null) return noAttributes
  const attrs: Record<string, string> = {}
  // XML 1.0 section 3.3.3: white space in an attribute is a blank, unless it was written as a character number.
  for (const [name, value] of Object.entries(found))
    attrs[name] = decodeReferences(String(value).replace(/[\t\n\r]/g, ' '))
  return attrs
}

function declare(attrs: Readonly<Record<string, string>>, scope: Scope): Scope {
  let inner: Record<string, string> | undefined
  for (const name in attrs) {
    if (name !== 'xmlns' && !name.startsWith('xmlns:')) continue
    inner ??= Object.create(scope) as Record<string, string>
    inner[name === 'xmlns' ? '' : name.slice(6)] = attrs[name] ?? ''
  }
  return inner ?? scope
}

const predefined: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

function decodeReferences(text: string): string {
  if (!text.includes('&')) return text
  return text.replaceAll(
    /&(?:#x([0-9a-fA-F]+)|#([0-9]+)|([a-z]+));/g,
    (_, hex?: string, decimal?: string, name?: string) => {
      if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16))
      if (decimal !== undefined) return String.fromCodePoint(Number(decimal))
      return predefined[name ?? ''] ?? ''
    },
  )
}

function rawText(value: unknown): string {
  return isPieces(value) ? value.map((piece) => asText(piece[textKey])).join('') : ''
}

function isPieces(value: unknown): value is readonly Piece[] {
  return Array.isArray(value)
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
