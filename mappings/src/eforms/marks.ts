import type { XmlNode } from '../xml/node.ts'
import { parseDay } from '../xml/values.ts'
import type { Row, Table } from './table.ts'
import type { Leaf, Writing } from './values/value-type.ts'

/** What a source wrote around one value: `offset` of a day, attributes of a code or an id by their name. */
export type Mark = Readonly<Record<string, string>>

/** The marks of an object by property, `startOn`, `deadlines/invitationToTenderOn`, `fundings/0`. */
export type Marks = Readonly<Record<string, Mark>>

/** Attributes that name a list or a register: all that the schemas allow on a code or an id and a person may need. */
const attributes: readonly string[] = ['listName', 'schemeName', 'name', 'listID', 'schemeID', 'languageID']

interface Said {
  readonly value: unknown
  /** Offset of the dispatch. */
  readonly offset: string
}

/**
 * What the value of a row would lose when it is written again: the offset of a day that is not the one of the dispatch,
 * and names of lists that are not those of the tables (they change from one SDK version to the next). Undefined when
 * nothing would.
 */
export function markOf(row: Row, table: Table, node: XmlNode, { value, offset }: Said): Mark | undefined {
  const { type, attribute } = row
  if (value === undefined || attribute !== undefined) return undefined
  if (type.isDay === true) {
    const own = parseDay(node.text.trim())?.offset
    return own === undefined || own === offset ? undefined : { offset: own }
  }
  if (type.isReferenceScheme === true) return undefined
  const kept = attributes.filter((name) => node.attrs[name] !== undefined && node.attrs[name] !== '')
  if (kept.length === 0) return undefined
  // An attribute that is a field of its own is read and written as one.
  const isField = (name: string) => table.rows.some(({ source }) => source === `${row.source}/@${name}`)
  const [leaf] = type.write(value, { language: '', offset })
  const own = kept.flatMap((name): [string, string][] => {
    const said = node.attrs[name]
    return said === undefined || said === leaf?.attrs?.[name] || isField(name) ? [] : [[name, said]]
  })
  return own.length === 0 ? undefined : Object.fromEntries(own)
}

/** The elements of a value as its source wrote them. */
export function writeMarked({ type }: Row, value: unknown, writing: Writing, mark: Mark | undefined): readonly Leaf[] {
  if (mark === undefined) return type.write(value, writing)
  const { offset = writing.offset, ...attrs } = mark
  const [first, ...others] = type.write(value, { ...writing, offset })
  if (first === undefined || type.isDay === true) return first === undefined ? [] : [first, ...others]
  return [{ text: first.text, attrs: { ...first.attrs, ...attrs } }, ...others]
}

/** Marks of a canonical object, whatever else it holds. */
export function marksIn(object: object): Marks {
  const marks: unknown = 'marks' in object ? object.marks : undefined
  return typeof marks === 'object' && marks !== null ? (marks as Marks) : {}
}

/** The same marks under other names: `ids/0` of an organisation is its `id`. */
export function renameMarks(marks: Marks, rename: (property: string) => string): Marks {
  return Object.fromEntries(Object.entries(marks).map(([property, mark]) => [rename(property), mark]))
}
