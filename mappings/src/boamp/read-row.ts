import type { XmlNode } from '../xml/node.ts'
import { textOf } from '../xml/node.ts'
import { isFilled, nodesAt, textsIn } from './nodes.ts'
import { type Reading, placeBelow, tell } from './reading.ts'
import type { Path, Row, Table } from './table.ts'
import { readType } from './types.ts'

/** An object that is being built from rows. */
export type Built = Record<string, unknown>

/** Longest value shown in an explanation. */
const longest = 200

/** Reads every row of a table into one object; `field` is its JSON Pointer in the canonical form. */
export function readTable(table: Table, reading: Reading, field: string): Built {
  const built: Built = {}
  for (const row of table[reading.form]) {
    const value = readRow(row, reading, field)
    if (value !== undefined) set(built, row.property, value)
  }
  return built
}

/** Reads one row, and keeps where it stands for those who ask. */
export function readRow(row: Row, reading: Reading, field: string): unknown {
  const at = `${field}/${row.property.join('/')}`
  const isYesNo = row.type.startsWith('yesno')
  for (const path of row.paths) {
    const nodes = isYesNo ? yesNoNodes(reading, path) : nodesAt(reading.roots, path).filter(isFilled)
    if (nodes.length === 0) continue
    for (const node of nodes) reading.used.add(node)
    explainPresent(reading, at, nodes, path)
    return isYesNo ? yesNo(row.type, nodes, reading) : readType(row.type, nodes, reading)
  }
  explainAbsent(reading, at, row)
  return undefined
}

function set(built: Built, [name = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) built[name] = value
  else set((built[name] ??= {}) as Built, rest, value)
}

/** The two ways forms say yes or no: `<VARIANTES_OUI/>` and `<VARIANTES><OUI/></VARIANTES>`. */
function yesNoNodes({ roots }: Reading, { root, steps }: Path): readonly XmlNode[] {
  const above = nodesAt(roots, { root, steps: steps.slice(0, -1) })
  const stem = steps.at(-1) ?? ''
  return above.flatMap(({ children }) =>
    children.flatMap((child) => {
      if (child.name === `${stem}_OUI` || child.name === `${stem}_NON`) return [child]
      return child.name === stem ? child.children.filter(({ name }) => /^(?:oui|non)$/i.test(name)) : []
    }),
  )
}

function yesNo(type: string, nodes: readonly XmlNode[], reading: Reading): boolean | string | undefined {
  const [node] = nodes
  const answers = new Set(nodes.map(({ name }) => /oui$/i.test(name)))
  if (node === undefined) return undefined
  if (answers.size > 1) {
    tell(reading, 'BOAMP-CHOICE', node, { value: nodes.map(({ name }) => name).join(', ') })
    return undefined
  }
  const answer = answers.has(true)
  const [yes, no] = type.split(':')[1]?.split(',') ?? []
  if (yes === undefined) return answer
  // A word that the list has for one answer only is left out for the other.
  return (answer ? yes : no) || undefined
}

function nameOf({ root, steps }: Path): string {
  return root === 'R' || root === 'B' || root === 'D' ? steps.join('/') : `${root}:${steps.join('/')}`
}

function explainPresent(reading: Reading, field: string, nodes: readonly XmlNode[], path: Path): void {
  const [node] = nodes
  if (node === undefined) return
  const text = textOf(node) ?? (node.children.length === 0 ? node.name : textsIn(node).join(' '))
  reading.told.push({
    field,
    name: nameOf(path),
    state: 'present',
    source: placeText(reading, node, ''),
    value: (text === '' ? node.children.map(({ name }) => name).join(', ') : text).slice(0, longest),
  })
}

function explainAbsent(reading: Reading, field: string, { paths }: Row): void {
  const [path] = paths
  if (path === undefined) {
    reading.told.push({ field, state: 'not-applicable' })
    return
  }
  const root = reading.roots[path.root]
  const source = root === undefined ? undefined : placeText(reading, root, path.steps.join('/'))
  reading.told.push({ field, name: nameOf(path), state: 'absent', ...(source === undefined ? {} : { source }) })
}

function placeText(reading: Reading, node: XmlNode, path: string): string {
  const place = placeBelow(reading, node, path)
  return 'xpath' in place ? place.xpath : place.pointer
}
