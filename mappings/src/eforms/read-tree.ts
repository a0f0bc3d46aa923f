import type { XmlNode } from '../xml/node.ts'
import { textOf } from '../xml/node.ts'
import { type Marks, markOf } from './marks.ts'
import { type Group, type Row, type Table, withheldTable } from './table.ts'
import { type Found, sort } from './trie.ts'
import type { Reading } from './values/value-type.ts'

/** An object of the canonical form while it is built. */
export type Draft = Record<string, unknown>

/** A reading of a whole notice. */
export interface TreeReading extends Reading {
  /** Offset of the dispatch: days of another one are marked. */
  readonly offset: string
  /** The element each object came from, for rules that name places. */
  readonly origins: Map<object, XmlNode>
  /** Given, every element that no field reads is added. */
  readonly unread?: XmlNode[]
  /** Given, told of every object: what was found for its table. */
  readonly trace?: (seen: Seen) => void
}

export interface Seen {
  readonly node: XmlNode
  readonly table: Table
  /** JSON Pointer of the object in what is built. */
  readonly pointer: string
  readonly found: Found
  readonly value: Draft
}

/** Builds the object of a table from the elements below one. Properties nothing was found for are left out. */
export function readTree(node: XmlNode, table: Table, reading: TreeReading, pointer = ''): Draft {
  const found = sort(node, table, reading.unread)
  const draft: Draft = {}
  reading.origins.set(draft, node)
  // By number: these two loops run for every field of every object.
  const { rows, groups } = table
  for (let index = 0; index < rows.length; index++) {
    const nodes = found.rows[index]
    const row = rows[index]
    if (nodes === undefined || row === undefined) continue
    const value = readRow(row, nodes, found, reading)
    put(draft, row.property, value)
    if (value !== undefined) mark(draft, row, { table, nodes, value, offset: reading.offset })
  }
  for (let index = 0; index < groups.length; index++) {
    const nodes = found.groups[index]
    const group = groups[index]
    if (nodes !== undefined && group !== undefined)
      put(draft, group.property, readGroup(group, nodes, reading, pointer))
  }
  if (found.withheld.length > 0) put(draft, ['withheld'], readWithheld(found.withheld, table, reading))
  reading.trace?.({ node, table, pointer, found, value: draft })
  return draft
}

interface Marked {
  readonly table: Table
  readonly nodes: readonly XmlNode[]
  readonly value: unknown
  readonly offset: string
}

/** A value that several elements say is marked only where each element gave one. */
function mark(draft: Draft, row: Row, { table, nodes, value, offset }: Marked): void {
  const { property, isList, type } = row
  if (property[0] === '-' || type.isMultilingual === true || type.isTimeOfDay === true) return
  const values: readonly unknown[] = isList && Array.isArray(value) ? value : [value]
  if (isList && values.length !== nodes.length) return
  for (const [index, each] of values.entries()) {
    const node = nodes[index]
    const own = node === undefined ? undefined : markOf(row, table, node, { value: each, offset })
    if (own === undefined) continue
    const name = isList ? [...property, index].join('/') : property.join('/')
    draft['marks'] = { ...(draft['marks'] as Marks | undefined), [name]: own }
  }
}

function readRow(row: Row, nodes: readonly XmlNode[], found: Found, reading: TreeReading): unknown {
  const { type, attribute, name: field } = row
  if (type.isTimeOfDay === true) return undefined
  if (!row.isList) {
    const time = row.time === undefined ? undefined : { node: found.rows[row.time.index]?.[0], field: row.time.field }
    const value = type.read({ nodes, attribute, field, time }, reading)
    return type.isSoleOfList === true && value !== undefined ? [value] : value
  }
  const values: unknown[] = []
  for (const each of type.isMultilingual === true ? byInstance(nodes, row) : nodes.map((node) => [node])) {
    const value = type.read({ nodes: each, attribute, field, time: undefined }, reading)
    if (value !== undefined) values.push(value)
  }
  return values.length === 0 ? undefined : values
}

/** Texts of a list are grouped by the repeated element that holds them: the others are the same text in other languages. */
function byInstance(nodes: readonly XmlNode[], { steps }: Row): readonly (readonly XmlNode[])[] {
  const height = steps.length - 1 - steps.findLastIndex(({ isRepeated }) => isRepeated)
  const instances = new Map<XmlNode, XmlNode[]>()
  for (const node of nodes) {
    let holder = node
    for (let up = 0; up < height; up++) holder = holder.parent ?? holder
    const known = instances.get(holder)
    if (known === undefined) instances.set(holder, [node])
    else known.push(node)
  }
  return [...instances.values()]
}

function readGroup(group: Group, nodes: readonly XmlNode[], reading: TreeReading, pointer: string): unknown {
  // Places are told to a trace only: making them costs a fifth of the reading.
  const at = reading.trace === undefined ? '' : `${pointer}/${group.property.join('/')}`
  if (!group.isList) {
    const [node] = nodes
    const value = node === undefined ? {} : readTree(node, group.table, reading, at)
    return Object.keys(value).length === 0 ? undefined : value
  }
  const values: Draft[] = []
  for (const node of nodes) {
    const value = readTree(node, group.table, reading, at === '' ? '' : `${at}/${values.length}`)
    if (Object.keys(value).length > 0) values.push(value)
  }
  return values.length === 0 ? undefined : values
}

/** BT-195 to BT-198, in the order of the table. A code that no field of the place has stays unread. */
function readWithheld(found: Found['withheld'], table: Table, reading: TreeReading): unknown {
  const values = found.flatMap(({ node, among }) => {
    const code = textOf(node.children.find(({ name }) => name === 'FieldIdentifierCode'))
    const property = among.find((each) => each.code === code)?.property
    if (property === undefined) {
      reading.unread?.push(node)
      return []
    }
    const { trace: _, ...untraced } = reading
    const { code: __, ...said } = readTree(node, withheldTable, untraced)
    const value = { property, ...said }
    reading.origins.set(value, node)
    return [value]
  })
  if (values.length === 0) return undefined
  const rank = new Map(table.withholdable.map(({ property }, index) => [property, index]))
  return values.toSorted((a, b) => (rank.get(a.property) ?? 0) - (rank.get(b.property) ?? 0))
}

function put(draft: Draft, property: readonly string[], value: unknown): void {
  const [first = '', second] = property
  if (value === undefined || first === '-') return
  if (second === undefined) {
    draft[first] = value
    return
  }
  const inner = draft[first]
  const next: Draft = typeof inner === 'object' && inner !== null ? (inner as Draft) : {}
  draft[first] = next
  next[second] = value
}
