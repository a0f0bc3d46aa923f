import type { DetectedXml } from '../xml/detect.ts'
import type { FieldExplanation } from '../translation.ts'
import { type XmlNode, attribute, textOf, xpathOf } from '../xml/node.ts'
import { isFlattened, placesOf } from './explain-organisations.ts'
import { readNotice } from './read-notice.ts'
import type { Seen } from './read-tree.ts'
import { isRebased, withStandardNamespaces } from './rebase.ts'
import { type Group, type Row, type Table, noticeTable } from './table.ts'

/** True when the form of a number has no place for a field: told by the SDK (`forbidden` in fields/fields.json). */
export type IsNotApplicable = (field: string, subtype: string) => boolean

/**
 * Every field of a notice: its place in the canonical form, whether it is there, withheld, absent or has no place in the
 * form, and where it stands or would stand in the source. A list that is empty shows its first place. Without
 * `isNotApplicable` nothing is known of forms, and a field that is not there is absent.
 */
export function explainNotice(
  source: XmlNode,
  { subtype }: DetectedXml,
  isNotApplicable: IsNotApplicable = () => false,
): FieldExplanation[] {
  const root = isRebased(source) ? withStandardNamespaces(source) : source
  const seen: Seen[] = []
  readNotice(root, [], { trace: (each) => void seen.push(each) })
  const places = placesOf(seen)
  const explaining: Explaining = {
    isNotApplicable: (field) => subtype !== undefined && isNotApplicable(field, subtype),
    place: (pointer) => places(pointer),
    told: [],
  }
  // The tree is read from the leaves up; a person reads it from the root.
  for (const each of seen.toSorted((a, b) => rank(a.table) - rank(b.table))) explainSeen(each, explaining)
  return explaining.told.filter(({ field }) => !isFlattened(field))
}

interface Explaining {
  readonly isNotApplicable: (field: string) => boolean
  /** The pointer in the canonical form of one in the tree as it was read; undefined for what is not kept. */
  readonly place: (pointer: string) => string | undefined
  readonly told: FieldExplanation[]
}

const order: readonly string[] = tableNames(noticeTable)

function tableNames({ name, groups }: Table): string[] {
  return [name, ...groups.flatMap(({ table }) => tableNames(table))]
}

function rank({ name }: Table): number {
  return order.indexOf(name)
}

function explainSeen(seen: Seen, explaining: Explaining): void {
  const { table, found, node, pointer } = seen
  for (const [index, row] of table.rows.entries()) {
    if (isNoField(row)) continue
    const nodes = found.rows[index]
    const at = `${pointer}/${row.property.join('/')}`
    if (nodes === undefined) explainAbsent(row, at, { source: `${xpathOf(node)}/${row.source}`, seen, explaining })
    else explainPresent(row, nodes, { at, seen, explaining })
  }
  for (const [index, group] of table.groups.entries()) {
    if (found.groups[index] === undefined) explainGroup(group, { pointer, xpath: xpathOf(node) }, explaining)
  }
}

/** What UBL asks for is nothing a buyer fills in. */
function isNoField({ property, typeName }: Row): boolean {
  return property[0] === '-' || typeName === 'dummyDay'
}

interface Present {
  readonly at: string
  readonly seen: Seen
  readonly explaining: Explaining
}

function explainPresent(row: Row, nodes: readonly XmlNode[], { at, seen, explaining }: Present): void {
  const isIndexed = row.isList && row.type.isMultilingual !== true
  for (const [index, node] of (isIndexed ? nodes : nodes.slice(0, 1)).entries()) {
    const value = row.attribute === undefined ? textOf(node) : attribute(node, row.attribute)
    const field = explaining.place(isIndexed ? `${at}/${index}` : at)
    if (field === undefined) continue
    const withheld = withheldIn(seen, row)
    explaining.told.push({
      field,
      name: row.name,
      state: withheld === undefined ? (value === undefined ? 'absent' : 'present') : 'withheld',
      ...(withheld?.until === undefined ? {} : { until: withheld.until }),
      source: xpathOf(node) + (row.attribute === undefined ? '' : `/@${row.attribute}`),
      ...(value === undefined ? {} : { value: value.slice(0, 200) }),
    })
  }
}

interface Absent {
  readonly source: string
  readonly seen: Seen | undefined
  readonly explaining: Explaining
}

function explainAbsent(row: Row, at: string, { source, seen, explaining }: Absent): void {
  const field = explaining.place(at)
  if (field === undefined) return
  const withheld = seen === undefined ? undefined : withheldIn(seen, row)
  const { name } = row
  if (withheld === undefined) {
    explaining.told.push({ field, name, state: explaining.isNotApplicable(name) ? 'not-applicable' : 'absent', source })
    return
  }
  const { until } = withheld
  explaining.told.push({ field, name, state: 'withheld', ...(until === undefined ? {} : { until }), source })
}

/** The fields of objects that are not there: one line each, at the place of the first object. */
function explainGroup(group: Group, at: { pointer: string; xpath: string }, explaining: Explaining): void {
  const pointer = `${at.pointer}/${group.property.join('/')}${group.isList ? '/0' : ''}`
  const xpath = `${at.xpath}/${group.source}`
  for (const row of group.table.rows) {
    if (isNoField(row)) continue
    const place = `${pointer}/${row.property.join('/')}`
    explainAbsent(row, place, { source: `${xpath}/${row.source}`, seen: undefined, explaining })
  }
  for (const inner of group.table.groups) explainGroup(inner, { pointer, xpath }, explaining)
}

interface Withheld {
  readonly property: string
  readonly until?: string
}

function withheldIn({ value }: Seen, row: Row): Withheld | undefined {
  const list = value['withheld']
  const property = row.property.join('/')
  return Array.isArray(list) ? (list as readonly Withheld[]).find((each) => each.property === property) : undefined
}
