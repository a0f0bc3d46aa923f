import { type XmlNode, textOf } from '../xml/node.ts'
import type { Path } from './table.ts'
import type { Roots } from './reading.ts'

/** Every element at a path, in the order of the source. */
export function nodesAt(roots: Roots, { root, steps }: Path): readonly XmlNode[] {
  const start = roots[root]
  let nodes: readonly XmlNode[] = start === undefined ? [] : [start]
  for (const step of steps) nodes = nodes.flatMap(({ children }) => children.filter(({ name }) => name === step))
  return nodes
}

/** Every element below one, by names: `childrenAt(node, 'REFERENCE', 'IDWEB')`. */
export function childrenAt(node: XmlNode | undefined, ...names: readonly string[]): readonly XmlNode[] {
  return node === undefined ? [] : nodesAt({ D: node }, { root: 'D', steps: names })
}

/** The first element below one, by names. */
export function childAt(node: XmlNode | undefined, ...names: readonly string[]): XmlNode | undefined {
  return childrenAt(node, ...names)[0]
}

/** An element says something when it has text or elements: an empty one is a blank of the form. */
export function isFilled(node: XmlNode): boolean {
  return textOf(node) !== undefined || node.children.length > 0
}

/**
 * The choice an element holds: the name of its only element (`<NATURE><ATTRIBUTION/></NATURE>`), or its text, as records
 * give it. Several names when the source holds several.
 */
export function choicesIn(node: XmlNode): readonly string[] {
  const names = node.children.map(({ name }) => name)
  const text = textOf(node)
  return names.length > 0 || text === undefined ? names : [text]
}

/** Texts of an element and of those below it, in the order of the source. */
export function textsIn(node: XmlNode): readonly string[] {
  const own = textOf(node)
  return [...(own === undefined ? [] : [own]), ...node.children.flatMap(textsIn)]
}
