import { type Finding, type RuleId, type Severity, finding } from '@socle/schemas'
import { type XmlNode, textOf } from '../../xml/node.ts'
import { first, placeOf } from '../../xml/path.ts'
import type { TreeReading } from '../groups.ts'
import { type Place, at } from '../paths.ts'

/** What a rule is given: the document, what was read of it, and where to write what it finds. */
export interface Judging {
  readonly root: XmlNode
  readonly reading: TreeReading
  readonly found: Finding[]
}

export type Needed = readonly [place: Place, fr: string, en: string]

interface Missing {
  readonly rule: RuleId
  readonly severity?: Severity
  /** What an element that is there and holds nothing is worth: the official rules ask for the element alone. */
  readonly empty?: 'accepted' | 'warn'
}

/** Tells each part that is not below a node. An element that holds elements counts as given; any other should hold text. */
export function requireAll(
  node: XmlNode,
  needed: readonly Needed[],
  found: Finding[],
  { rule, severity, empty }: Missing,
): void {
  for (const [place, fr, en] of needed) {
    const target = first(node, at(place))
    if (target !== undefined && (empty === 'accepted' || target.children.length > 0 || textOf(target) !== undefined))
      continue
    const told = target === undefined ? severity : empty === 'warn' ? empty : severity
    const where = { xpath: placeOf(node, at(place)), ...(told === undefined ? {} : { severity: told }) }
    found.push(finding(rule, where, { labelFr: fr, labelEn: en }))
  }
}

export function isV2({ version }: TreeReading): boolean {
  return version.startsWith('2.')
}

export function isV4({ version }: TreeReading): boolean {
  return version.startsWith('4.')
}
