import type { Finding } from '@socle/schemas'
import type { FieldExplanation } from '../translation.ts'
import { type XmlNode, textOf } from '../xml/node.ts'
import { noticesIn, partsOfXml } from './examine-xml.ts'
import { partsOf, recordsOf } from './examine-record.ts'
import { type Parts, readOne } from './read-one.ts'

/** Where each field stands in a notice of the gazette, and what of the notice no field reads. */
export interface BoampExplanation {
  readonly fields: readonly FieldExplanation[]
  /** Places of texts that no field reads. */
  readonly unread: readonly string[]
}

/**
 * Explains one record of a file of the open-data interface. The gazette withholds nothing: a field is present, absent, or
 * has no place in the form (CPV in MAPA). Undefined when there is no such record or it cannot be read. An eForms notice
 * inside has its own explanation (see `explainNotice`), so its fields are not told here.
 */
export function explainBoamp(value: unknown, record = 0): BoampExplanation | undefined {
  const found: Finding[] = []
  const located = recordsOf(value)[record]
  const parts = located === undefined ? undefined : partsOf(located, record, found)
  return parts === undefined ? undefined : explained(parts)
}

/** The same for XML. */
export function explainBoampXml(root: XmlNode, record = 0): BoampExplanation | undefined {
  const notice = noticesIn(root)[record]
  return notice === undefined ? undefined : explained(partsOfXml(notice, { index: record, version: undefined }, []))
}

function explained(parts: Parts): BoampExplanation {
  const { told, used } = readOne(parts, [], {})
  const { tree, data } = parts
  const nodes = data === undefined ? [] : [...unreadIn(data, used)]
  const unread = nodes.map((node) => {
    const place = tree.placeOf(node)
    return 'xpath' in place ? place.xpath : place.pointer
  })
  return { fields: told, unread }
}

function* unreadIn(node: XmlNode, used: ReadonlySet<XmlNode>): Generator<XmlNode> {
  if (used.has(node)) return
  if (node.children.length === 0 && textOf(node) !== undefined) yield node
  for (const child of node.children) yield* unreadIn(child, used)
}
