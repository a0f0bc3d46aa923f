import { type XmlNode, xpathOf } from '../xml/node.ts'
import { elementOf } from './xml-names.ts'

/**
 * XPath of a place in the JSON form of an element: `/titulaires/1/titulaire/id` is
 * `/marches/marche[3]/titulaires/titulaire[2]/id`. What is not there is written after the last element that is.
 * `wraps` tells whether the form has each item of a list in an object of one key, as version 2 does.
 */
export function xpathAt(element: XmlNode, pointer: string, wraps: boolean): string {
  const steps = pointer.split('/').slice(1)
  let node = element
  for (let at = 0; at < steps.length; at++) {
    const step = steps[at] ?? ''
    const next = stepInto(node, step, steps[at + 1], wraps)
    if (next === undefined) return [xpathOf(node), ...steps.slice(at).filter(isName).map(elementOf)].join('/')
    node = next.node
    at += next.taken
  }
  return xpathOf(node)
}

interface Taken {
  readonly node: XmlNode
  /** Steps used beyond the one asked for. */
  readonly taken: number
}

function stepInto(node: XmlNode, step: string, following: string | undefined, wraps: boolean): Taken | undefined {
  if (!isName(step)) {
    // Below a list, its children in order; the name of the wrapper, if it follows, is that of the child itself.
    const child = node.children[Number(step)]
    if (child === undefined) return undefined
    const isWrapped = wraps && following !== undefined && child.qname === elementOf(following)
    return { node: child, taken: isWrapped ? 1 : 0 }
  }
  const named = node.children.filter(({ qname }) => qname === elementOf(step))
  const [first] = named
  if (first === undefined) return undefined
  const isListOfTexts = following !== undefined && !isName(following) && first.children.length === 0
  if (!isListOfTexts) return { node: first, taken: 0 }
  const item = named[Number(following)]
  return item === undefined ? undefined : { node: item, taken: 1 }
}

function isName(step: string): boolean {
  return !/^\d+$/.test(step)
}
