import { type Finding, finding } from '@socle/schemas'
import type { Examination } from '../examination.ts'
import type { XmlNode } from '../xml/node.ts'

const standard = 'urn:oasis:names:'
const rebased = 'urn:boamp:names:'

/** True for a notice as DILA serves it: every `urn:oasis:names:…` namespace became `urn:boamp:names:…`. */
export function isRebased({ ns }: XmlNode): boolean {
  return ns.startsWith(rebased)
}

/** What is told of such a document: it is read like the original. */
export function rebasedFinding(): Finding {
  return finding('EFORMS-NAMESPACE', { xpath: '/*', value: `${rebased}…`, expected: `${standard}…` })
}

/** An examination with that told. */
export function toldAsRebased(examination: Examination): Examination {
  return { ...examination, findings: [...examination.findings, rebasedFinding()] }
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
  const { name, qname, attrs, text } = node
  const made: XmlNode = { name, qname, ns, attrs, children, text, parent }
  for (const child of node.children) children.push(copy(child, made, known))
  return made
}

const marker = Buffer.from(rebased)
const standardName = Buffer.from('oasis')
const nameAt = 'urn:'.length

/**
 * The bytes of a document with the namespaces the standard gives, so that official schemas know them; the same array
 * when there is nothing to change. Both names are of one length: lines and places stay. Only values of attributes are
 * changed, and only in UTF-8, which is what DILA serves.
 */
export function withStandardBytes(bytes: Uint8Array): Uint8Array {
  const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = source.indexOf(marker)
  if (at === -1) return bytes
  const changed = Buffer.from(source)
  for (; at !== -1; at = source.indexOf(marker, at + marker.length)) {
    const isValue = source[at - 1] === 0x22 || source[at - 1] === 0x27
    if (isValue && source[at - 2] === 0x3d) standardName.copy(changed, at + nameAt)
  }
  return changed.equals(source) ? bytes : changed
}
