import { namespaces } from './namespaces.ts'
import { type XmlNode, textOf, xpathOf } from './node.ts'

/** A condition on a step: a child or the node itself, an attribute of it or its text, equal to a value. */
interface Condition {
  readonly child: Step | undefined
  readonly attribute: string | undefined
  readonly value: string
}

interface Step {
  readonly ns: string
  readonly name: string
  readonly condition?: Condition
}

/** A path below a node, compiled once; `source` is what findings print when nothing was found there. */
export interface Path {
  readonly source: string
  readonly steps: readonly Step[]
}

const stepShape = /^([a-z]+):([A-Za-z]+)(?:\[(?:([a-z]+):([A-Za-z]+))?(?:\/?@([A-Za-z]+))?='([^']*)'\])?$/

/**
 * Compiles the small part of XPath the mappings use: `cac:A/cbc:B`, with one condition a step among
 * `[@attribute='v']`, `[cbc:Child='v']` and `[cbc:Child/@attribute='v']`. Prefixes are those of `namespaces`.
 * Throws on anything else: paths are constants of ours, so a bad one is a fault found at start.
 */
export function path(source: string): Path {
  return { source, steps: source.split(/\/(?![^[]*\])/).map(compileStep) }
}

function compileStep(source: string): Step {
  const [, prefix, name, childPrefix, childName, attribute, value] = stepShape.exec(source) ?? []
  if (prefix === undefined || name === undefined) throw new Error(`not a path step: ${source}`)
  const plain = { ns: namespaceOf(prefix), name }
  if (value === undefined) return plain
  const child =
    childPrefix === undefined || childName === undefined ? undefined : { ns: namespaceOf(childPrefix), name: childName }
  return { ...plain, condition: { child, attribute, value } }
}

function namespaceOf(prefix: string): string {
  const ns = namespaces[prefix]
  if (ns === undefined) throw new Error(`no namespace for the prefix ${prefix}`)
  return ns
}

/** Every node at a path below a node, in document order. */
export function all(node: XmlNode | undefined, { steps }: Path): readonly XmlNode[] {
  let found: readonly XmlNode[] = node === undefined ? [] : [node]
  for (const step of steps) found = found.flatMap((at) => at.children.filter((child) => fits(child, step)))
  return found
}

/** The first node at a path below a node. */
export function first(node: XmlNode | undefined, at: Path): XmlNode | undefined {
  return all(node, at)[0]
}

/** The text at a path, trimmed; undefined when the element is absent or empty. */
export function textAt(node: XmlNode | undefined, at: Path): string | undefined {
  return textOf(first(node, at))
}

/** The texts at a path, trimmed, empty ones left out. */
export function textsAt(node: XmlNode | undefined, at: Path): string[] {
  return all(node, at)
    .map(textOf)
    .filter((text) => text !== undefined)
}

/** Where a path is in the file, or where it should have been: for findings. */
export function placeOf(node: XmlNode, at: Path): string {
  const found = first(node, at)
  return found === undefined ? `${xpathOf(node)}/${at.source}` : xpathOf(found)
}

function fits(node: XmlNode, step: Step): boolean {
  if (node.name !== step.name || node.ns !== step.ns) return false
  const condition = step.condition
  if (condition === undefined) return true
  const { child } = condition
  const subjects = child === undefined ? [node] : node.children.filter((inner) => fits(inner, child))
  return subjects.some((subject) => valueOf(subject, condition) === condition.value)
}

function valueOf(node: XmlNode, { attribute }: Condition): string | undefined {
  return attribute === undefined ? textOf(node) : node.attrs[attribute]
}
