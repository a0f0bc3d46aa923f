import { type Finding, type RuleId, finding } from '@socle/schemas'
import { type XmlNode, textOf, xpathOf } from '../../xml/node.ts'

/** What a value type may know and tell while it reads. */
export interface Reading {
  /** BT-702(a), the language of the notice. */
  readonly language: string | undefined
  /** Every doubt about a value goes here. */
  readonly found: Finding[]
}

/** What is read: the elements of one value, the attribute that holds it if any, and the name findings print. */
export interface Source {
  /** One element; one a language for a text; never empty. */
  readonly nodes: readonly XmlNode[]
  readonly attribute: string | undefined
  readonly field: string
  /** For a day with its time: where the time is, and its field. */
  readonly time: { readonly node: XmlNode | undefined; readonly field: string } | undefined
}

/** What a value type may know while it writes. */
export interface Writing {
  /** BT-702(a), for texts that do not say theirs. */
  readonly language: string
  /** Offset of the dispatch: a day carries one in eForms and none in the canonical form. */
  readonly offset: string
}

/** One element to write: its text and attributes. */
export interface Leaf {
  readonly text: string
  readonly attrs?: Readonly<Record<string, string>>
}

/** Reads and writes one kind of value. */
export interface ValueType {
  /** Undefined when nothing usable is there; what is there and unusable is reported in `found`. */
  readonly read: (source: Source, reading: Reading) => unknown
  /** The elements of a value; none when it has another shape than `read` gives. */
  readonly write: (value: unknown, writing: Writing) => readonly Leaf[]
  /** A day whose time stands in the row of the same property, written by `writeTime`. */
  readonly writeTime?: (value: unknown, writing: Writing) => readonly Leaf[]
  /** The time of such a day: read and written with it. */
  readonly isTimeOfDay?: true
  /** A day alone, written with an offset that the canonical value does not hold. */
  readonly isDay?: true
  /** A technical id: its scheme says no more than the id does, and is written anew. */
  readonly isReferenceScheme?: true
  /** One element a language. */
  readonly isMultilingual?: true
  /** A list in the canonical form though eForms has room for one. */
  readonly isSoleOfList?: true
}

interface Said {
  readonly expected?: string
  readonly severity?: Finding['severity']
}

/** Adds a finding about one element: its place, its text and the name of its field. */
export function report(found: Finding[], rule: RuleId, at: { node: XmlNode; field: string }, said: Said = {}): void {
  const value = textOf(at.node)
  found.push(
    finding(rule, { xpath: xpathOf(at.node), ...(value === undefined ? {} : { value }), ...said }, { field: at.field }),
  )
}

/** The text of the first element of a source, trimmed; undefined when there is none. */
export function textIn({ nodes, attribute }: Source): string | undefined {
  if (attribute === undefined) return textOf(nodes[0])
  const text = nodes[0]?.attrs[attribute]?.trim()
  return text === '' ? undefined : text
}

/** The place of a source for `report`. */
export function placeIn({ nodes, field }: Source): { node: XmlNode; field: string } {
  const [node] = nodes
  if (node === undefined) throw new Error(`no element of ${field}`)
  return { node, field }
}

/** The elements of a value that is one text. */
export function leafOf(value: unknown, attrs?: Readonly<Record<string, string>>): readonly Leaf[] {
  return typeof value === 'string' ? [attrs === undefined ? { text: value } : { text: value, attrs }] : []
}
