import type { XmlNode } from './node.ts'
import { type XmlElement, writeXml } from './write.ts'

/**
 * An element inside a document as a document of its own, in UTF-8: with the namespace declarations that were in force
 * where it stood. Comments are left out, texts are kept.
 */
export function standalone(node: XmlNode): Uint8Array {
  const { attrs, ...element } = elementOf(node)
  return new TextEncoder().encode(writeXml({ ...element, attrs: { ...namespacesAt(node.parent), ...attrs } }))
}

function elementOf({ qname, attrs, children, text }: XmlNode): XmlElement {
  return { name: qname, attrs, children: children.length > 0 ? children.map(elementOf) : text === '' ? [] : [text] }
}

/** Declarations in force at a node, the nearest winning. */
function namespacesAt(node: XmlNode | undefined): Record<string, string> {
  if (node === undefined) return {}
  const own = Object.entries(node.attrs).filter(([name]) => name === 'xmlns' || name.startsWith('xmlns:'))
  return { ...namespacesAt(node.parent), ...Object.fromEntries(own) }
}
