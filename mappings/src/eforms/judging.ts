import { type Finding, type RuleId, finding } from '@socle/schemas'
import { type XmlNode, textOf, xpathOf } from '../xml/node.ts'
import { nodesAt } from './step.ts'
import { type Row, type Table, noticeTable } from './table.ts'

/** A notice that is being judged: where each canonical object came from, and the findings so far. */
export interface Judging {
  readonly root: XmlNode
  readonly origins: Map<object, XmlNode>
  readonly found: Finding[]
  /** Given, deadlines already past are told. */
  readonly now: Date | undefined
}

/** A field of a canonical object, or of the element itself when no object was made of it. */
export interface FieldOf {
  readonly at: object
  /** Its number in the SDK: `BT-131(d)-Lot`. */
  readonly field: string
}

const rows: ReadonlyMap<string, Row> = new Map(rowsOf(noticeTable))

function rowsOf({ rows: own, groups }: Table): (readonly [string, Row])[] {
  return [...own.map((row) => [row.name, row] as const), ...groups.flatMap(({ table }) => rowsOf(table))]
}

/** The line of a field in the tables. Throws on a field that none has: rules are ours. */
export function rowOf(field: string): Row {
  const row = rows.get(field)
  if (row === undefined) throw new Error(`no field ${field}`)
  return row
}

function originOf({ root, origins }: Pick<Judging, 'root' | 'origins'>, at: object): XmlNode {
  return origins.get(at) ?? (isNode(at) ? at : root)
}

function isNode(at: object): at is XmlNode {
  return 'qname' in at && 'children' in at
}

/** The text of a field as it stands in the source. */
export function textAt(judging: Judging, at: FieldOf): string | undefined {
  return textOf(elementOf(judging, at))
}

/** The first element of a field. */
export function elementOf({ root, origins }: Judging, { at, field }: FieldOf): XmlNode | undefined {
  return nodesAt(originOf({ root, origins }, at), rowOf(field).steps)[0]
}

/** Where a field is in the source or, when it is not there, where it would be. */
export function placeOfField(judging: Judging, { at, field }: FieldOf): string {
  const found = elementOf(judging, { at, field })
  if (found !== undefined) return xpathOf(found)
  return `${xpathOf(originOf(judging, at))}/${rowOf(field).source}`
}

interface Said {
  readonly expected?: string
  readonly severity?: Finding['severity']
}

/** Adds a finding about a field that is there: its place, its text and its number. */
export function tell(judging: Judging, rule: RuleId, { at, field }: FieldOf, said: Said = {}): void {
  const value = textOf(elementOf(judging, { at, field }))
  const xpath = placeOfField(judging, { at, field })
  judging.found.push(finding(rule, { xpath, ...(value === undefined ? {} : { value }), ...said }, { field }))
}

/** The name of a field in each language, as messages print it. */
export interface Label {
  readonly labelFr: string
  readonly labelEn: string
}

/** Adds a finding about a field that is not there, named in both languages where the rule prints a name. */
export function missing(judging: Judging, rule: RuleId, { at, field }: FieldOf, label?: Label): void {
  judging.found.push(finding(rule, { xpath: placeOfField(judging, { at, field }) }, { field, ...label }))
}
