import { escapeStep } from '../json/pointer.ts'
import { namespaces } from '../xml/namespaces.ts'
import { type XmlNode, xpathOf } from '../xml/node.ts'
import { decodeOnce, type Decoded } from './entities.ts'

/** Where something stands in a notice: an XPath in XML, a pointer in a record. */
export type Place = { readonly xpath: string } | { readonly pointer: string }

/**
 * A notice as one tree, whether it came in XML or in DILA's JSON made of that XML, with its entities decoded once.
 * Pointers go on through the JSON that stands in strings: `/results/0/donnees/FNSimple/organisme/nomOfficiel` is a place in
 * the text of `donnees`.
 */
export interface Tree {
  readonly root: XmlNode
  readonly placeOf: (node: XmlNode) => Place
}

/** Told for each text with entities. */
export type OnDecoded = (at: Place, before: string, after: Decoded) => void

/** The tree of an element of an XML document. */
export function treeOfXml(root: XmlNode, onDecoded: OnDecoded): Tree {
  const originals = new WeakMap<XmlNode, XmlNode>()
  const copy = (node: XmlNode, parent: XmlNode | undefined): XmlNode => {
    const children: XmlNode[] = []
    const { name, qname, ns, attrs } = node
    const made: XmlNode = { name, qname, ns, attrs, text: decode(node), children, parent }
    originals.set(made, node)
    for (const child of node.children) children.push(copy(child, made))
    return made
  }
  const decode = (node: XmlNode): string => {
    const decoded = decodeOnce(node.text)
    if (decoded === undefined) return node.text
    onDecoded({ xpath: xpathOf(node) }, node.text, decoded)
    return decoded.text
  }
  // A copy is no child of the original parent: the original knows its position among its twins.
  return { root: copy(root, undefined), placeOf: (node) => ({ xpath: xpathOf(originals.get(node) ?? node) }) }
}

interface Building {
  readonly pointers: WeakMap<XmlNode, string>
  readonly onDecoded: OnDecoded
}

/**
 * The tree of a JSON value made of XML: `@name` is an attribute, `#text` the text of an element that has some, a list an
 * element that is repeated, `""` and `null` an element without content.
 */
export function treeOfJson(name: string, value: unknown, pointer: string, onDecoded: OnDecoded): Tree {
  const building: Building = { pointers: new WeakMap(), onDecoded }
  const root = nodeOf({ name, pointer, parent: undefined }, value, building)
  return { root, placeOf: (node) => ({ pointer: building.pointers.get(node) ?? pointer }) }
}

interface Spot {
  readonly name: string
  readonly pointer: string
  readonly parent: XmlNode | undefined
}

function nodeOf({ name, pointer, parent }: Spot, value: unknown, building: Building): XmlNode {
  const colon = name.indexOf(':')
  const prefix = colon === -1 ? '' : name.slice(0, colon)
  const attrs: Record<string, string> = {}
  const children: XmlNode[] = []
  const node = {
    name: name.slice(colon + 1),
    qname: name,
    ns: namespaces[prefix] ?? '',
    attrs,
    children,
    text: '',
    parent,
  }
  building.pointers.set(node, pointer)
  if (typeof value !== 'object' || value === null) {
    node.text = textOf(value, pointer, building)
    return node
  }
  for (const [key, inside] of Object.entries(value)) {
    const at = `${pointer}/${escapeStep(key)}`
    if (key === '#text') node.text = textOf(inside, at, building)
    else if (key.startsWith('@')) attrs[key.slice(1)] = textOf(inside, at, building)
    else addChildren(node, { name: key, pointer: at }, inside, building)
  }
  return node
}

function addChildren(
  parent: XmlNode & { readonly children: XmlNode[] },
  { name, pointer }: Omit<Spot, 'parent'>,
  value: unknown,
  building: Building,
): void {
  if (!Array.isArray(value)) {
    parent.children.push(nodeOf({ name, pointer, parent }, value, building))
    return
  }
  for (const [index, item] of value.entries()) {
    parent.children.push(nodeOf({ name, pointer: `${pointer}/${index}`, parent }, item as unknown, building))
  }
}

function textOf(value: unknown, pointer: string, { onDecoded }: Building): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (typeof value !== 'string') return ''
  const decoded = decodeOnce(value)
  if (decoded === undefined) return value
  onDecoded({ pointer }, value, decoded)
  return decoded.text
}
