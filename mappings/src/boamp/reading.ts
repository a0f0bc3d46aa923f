import { type Finding, type RuleId, finding } from '@socle/schemas'
import type { FieldExplanation } from '../translation.ts'
import type { XmlNode } from '../xml/node.ts'
import type { Place } from './tree.ts'

/** Forms of notices, by the mark that the field tables give them. */
export type FormMark = 'f' | 'm' | 'd' | 'x'

/**
 * Where paths start: the open-data record, its management block, the element of the form, its section (`initial`,
 * `attribution`, `rectificatif`), the buyer, one lot, one decision of award, one winner.
 */
export type RootName = 'R' | 'G' | 'D' | 'B' | 'O' | 'L' | 'A' | 'W'

export type Roots = Readonly<Partial<Record<RootName, XmlNode>>>

/** One notice that is being read: where its parts are, and what was found so far. */
export interface Reading {
  readonly form: FormMark
  readonly roots: Roots
  readonly placeOf: (node: XmlNode) => Place
  readonly found: Finding[]
  readonly told: FieldExplanation[]
  /** Elements that some field reads. */
  readonly used: Set<XmlNode>
  /** 0-based number in a file of several. */
  readonly record: number | undefined
  /** True for an open-data record, whose zone rule is known; false for a document that somebody deposits. */
  readonly isOpenData: boolean
  /** Given, deadlines already past are told. */
  readonly now: Date | undefined
}

/** The same notice with other starting points. */
export function within(reading: Reading, roots: Roots): Reading {
  return { ...reading, roots: { ...reading.roots, ...roots } }
}

interface Said {
  readonly value?: string
  readonly expected?: string
}

/** Adds a finding at a place. */
export function tellAt(
  { found, record }: Pick<Reading, 'found' | 'record'>,
  rule: RuleId,
  place: Place,
  { params, ...said }: Said & { readonly params?: Readonly<Record<string, string>> } = {},
): void {
  found.push(finding(rule, { ...(record === undefined ? {} : { record }), ...place, ...said }, params))
}

/** Adds a finding about an element that is there. */
export function tell(reading: Reading, rule: RuleId, node: XmlNode, said: Said = {}): void {
  tellAt(reading, rule, reading.placeOf(node), said)
}

/** The place of something below an element, there or not. */
export function placeBelow({ placeOf }: Reading, node: XmlNode, path: string): Place {
  const place = placeOf(node)
  if (path === '') return place
  return 'xpath' in place ? { xpath: `${place.xpath}/${path}` } : { pointer: `${place.pointer}/${path}` }
}
