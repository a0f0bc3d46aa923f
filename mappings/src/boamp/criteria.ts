import type { NoticeAwardCriterion } from '@socle/schemas'
import { type XmlNode, attribute, textOf } from '../xml/node.ts'
import { parseDecimal } from '../xml/values.ts'
import { childAt, childrenAt, nodesAt } from './nodes.ts'
import { type Reading, tell } from './reading.ts'
import type { Path } from './table.ts'

/** Where criteria stand: with the lot first, else with the notice. */
const places: readonly Path[] = [
  { root: 'L', steps: ['CRITERES_ATTRIBUTION'] },
  { root: 'D', steps: ['PROCEDURE', 'CRITERES_ATTRIBUTION'] },
  { root: 'B', steps: ['criteres'] },
  { root: 'B', steps: ['criteresAttribution'] },
  { root: 'B', steps: ['procedure', 'criteresAttrib'] },
]

/** Kinds of criteria (BT-539) by the element that holds them; weighted ones are of no stated kind. */
const kinds: Readonly<Record<string, string | undefined>> = {
  CRITERES_PONDERES: undefined,
  CRITERES_LIBRE: undefined,
  CRITERES_QUALITE: 'quality',
  CRITERES_COUT: 'cost',
  CRITERES_PRIX: 'price',
}

/**
 * Criteria of award, with their weights where the source gives them. Criteria that stand in the documents of the
 * consultation (`CRITERES_CCTP`, `critereCDC`) are not in the notice: then there are none.
 */
export function readCriteria(reading: Reading, field: string): readonly NoticeAwardCriterion[] {
  for (const path of places) {
    const [node] = nodesAt(reading.roots, path)
    const criteria = node === undefined ? [] : criteriaIn(node, reading)
    if (node === undefined || criteria.length === 0) continue
    reading.used.add(node)
    explain(reading, field, node, criteria.length)
    return criteria
  }
  reading.told.push({ field: `${field}/awardCriteria`, state: 'absent' })
  return []
}

function explain(reading: Reading, field: string, node: XmlNode, count: number): void {
  const place = reading.placeOf(node)
  const source = 'xpath' in place ? place.xpath : place.pointer
  for (let index = 0; index < count; index++) {
    reading.told.push({ field: `${field}/awardCriteria/${index}`, name: node.name, state: 'present', source })
  }
}

function criteriaIn(node: XmlNode, reading: Reading): NoticeAwardCriterion[] {
  const weighted = childrenAt(node, 'criterePondere').map((each) => ({
    ...described(childAt(each, 'critere')),
    ...weightOf(childAt(each, 'criterePCT'), reading, 'per-exa'),
  }))
  const words = textOf(node)
  const free = words === undefined ? [] : [{ description: { text: words } }]
  const old = node.children.filter(({ name }) => name in kinds).flatMap((each) => oldCriteria(each, reading))
  return [...weighted, ...free, ...old].filter((criterion) => Object.keys(criterion).length > 0)
}

function oldCriteria(group: XmlNode, reading: Reading): NoticeAwardCriterion[] {
  const kind = kinds[group.name]
  const type = kind === undefined ? {} : { type: kind }
  const named = childrenAt(group, 'CRITERE').map((each) => ({
    ...type,
    ...described(each),
    ...weightIn(attribute(each, 'POIDS'), each, reading),
  }))
  if (named.length > 0) return named
  return [{ ...type, ...described(group), ...weightOf(childAt(group, 'POIDS'), reading) }]
}

function described(node: XmlNode | undefined): Pick<NoticeAwardCriterion, 'description'> {
  const text = textOf(node)
  return text === undefined ? {} : { description: { text } }
}

function weightOf(node: XmlNode | undefined, reading: Reading, unit?: string): NoticeAwardCriterion {
  return node === undefined ? {} : weightIn(textOf(node), node, reading, unit)
}

function weightIn(text: string | undefined, node: XmlNode, reading: Reading, unit?: string): NoticeAwardCriterion {
  if (text === undefined) return {}
  const weight = parseDecimal(text)
  if (weight !== undefined) return { weight, ...(unit === undefined ? {} : { weightUnit: unit }) }
  tell(reading, 'BOAMP-VALUE', node, { value: text })
  return {}
}
