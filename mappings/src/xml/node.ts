/**
 * One element of an XML document. Everything stays text: no number, date or boolean is guessed.
 * `text` is the element's own character data, comments left out and pieces joined; it is empty
 * when the element holds elements and nothing but white space around them.
 */
export interface XmlNode {
  /** Name without prefix. */
  readonly name: string
  /** Name as written, prefix included: what a person finds in the file. */
  readonly qname: string
  /** Namespace the prefix was declared for; empty when there is none. */
  readonly ns: string
  /** By name as written; namespace declarations are kept. */
  readonly attrs: Readonly<Record<string, string>>
  readonly children: readonly XmlNode[]
  readonly text: string
  readonly parent: XmlNode | undefined
  /**
   * Position of each child among those of its name, kept by the node that was asked once: a table beside the nodes would
   * keep whole documents alive from one collection of garbage to the next.
   */
  twins?: ReadonlyMap<XmlNode, Twin> | undefined
}

/** Text of a node without the white space around it, or undefined when nothing is left. */
export function textOf(node: XmlNode | undefined): string | undefined {
  const text = node?.text.trim()
  return text === '' ? undefined : text
}

/** Attribute without the white space around it, or undefined when absent or empty. */
export function attribute(node: XmlNode | undefined, name: string): string | undefined {
  const text = node?.attrs[name]?.trim()
  return text === '' ? undefined : text
}

/**
 * XPath of a node with the prefixes of its own file: `/ContractNotice/cac:ProcurementProjectLot[2]/cbc:ID`.
 * A position is written only where brothers share the name.
 */
export function xpathOf(node: XmlNode): string {
  const steps: string[] = []
  for (let at: XmlNode | undefined = node; at !== undefined; at = at.parent) steps.unshift(step(at))
  return `/${steps.join('/')}`
}

function step(node: XmlNode): string {
  const { position, twins } = placeAmongTwins(node)
  return twins > 1 ? `${node.qname}[${position}]` : node.qname
}

interface Twin {
  readonly position: number
  readonly twins: number
}

function placeAmongTwins(node: XmlNode): Twin {
  const { parent } = node
  if (parent === undefined) return { position: 1, twins: 1 }
  // Computed at the first finding below the parent: a faulty file may have thousands.
  parent.twins ??= numberChildren(parent)
  return parent.twins.get(node) ?? { position: 1, twins: 1 }
}

function numberChildren({ children }: XmlNode): ReadonlyMap<XmlNode, Twin> {
  const counts = new Map<string, number>()
  const numbered = children.map((child): [XmlNode, number] => {
    const position = (counts.get(child.qname) ?? 0) + 1
    counts.set(child.qname, position)
    return [child, position]
  })
  return new Map(numbered.map(([child, position]) => [child, { position, twins: counts.get(child.qname) ?? 1 }]))
}

/** Every element below a node, the node itself first, in document order. */
export function* walk(node: XmlNode): Generator<XmlNode> {
  yield node
  for (const child of node.children) yield* walk(child)
}
