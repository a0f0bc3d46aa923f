import type { Node } from './values.ts'

/**
 * A number that grows along the document, from where things stand in the source: an element where its content begins,
 * its attributes right after it, and a text after both.
 */
export function placeOf(node: Node): number {
  if ('place' in node) return node.start
  if ('order' in node) return node.order < 0 ? -1 : node.order + 0.5
  return node.parent.start + (1 + node.parent.attributes.indexOf(node)) / 4096
}
