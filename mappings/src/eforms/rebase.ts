import type { XmlNode } from '../xml/node.ts'

const standard = 'urn:oasis:names:'
const rebased = 'urn:boamp:names:'

/** True for a notice as DILA serves it: every `urn:oasis:names:…` namespace became `urn:boamp:names:…`. */
export function isRebased({ ns }: XmlNode): boolean {
  return ns.startsWith(rebased)
}

/** The same document with the namespaces the standard gives; names and attributes stay as they are written. */
export function withStandardNamespaces(root: XmlNode): XmlNode {
  return copy(root, undefined, new Map())
}

function copy(node: XmlNode, parent: XmlNode | undefined, known: Map<string, string>): XmlNode {
  let ns = known.get(node.ns)
  if (ns === undefined) {
    ns = node.ns.startsWith(rebased) ? `${standard}${node.ns.slice(rebased.length)}` : node.ns
    known.set(node.ns, ns)
  }
  const children: XmlNode[] = []
  const made: XmlNode = { ...node, ns, children, parent }
  for (const child of node.children) children.push(copy(child, made, known))
  return made
}
