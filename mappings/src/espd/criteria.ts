import type { DumeResponseCriterion, DumeResponseGroup, DumeResponseItem } from '@socle/schemas'
import { compact } from '../compact.ts'
import type { XmlNode } from '../xml/node.ts'
import { all, path, textAt, textsAt } from '../xml/path.ts'
import { readExpected } from './answers.ts'
import { findCriterion, guessFamily } from './codes.ts'

const idPath = path('cbc:ID')
const namePath = path('cbc:Name')
const descriptionPath = path('cbc:Description')
const typePath = path('cbc:TypeCode')
const dataTypePath = path('cbc:ValueDataTypeCode')
const criterionCodePath = path('cbc:CriterionTypeCode')
const groupTypePath = path('cbc:PropertyGroupTypeCode')
const lotPath = path('cac:ProcurementProjectLotReference/cbc:ID')
const subCriterionPath = path('cac:SubTenderingCriterion')
const groupPath = path('cac:TenderingCriterionPropertyGroup')
const subGroupPath = path('cac:SubsidiaryTenderingCriterionPropertyGroup')
const propertyPath = path('cac:TenderingCriterionProperty')

/** A question as the answers need it: its data type, and the item they will be written on. */
export interface Property {
  readonly type: string
  readonly node: XmlNode
  readonly item: Building
}

/** An item whose answers are added once they are read. */
export interface Building extends DumeResponseItem {
  answers?: NonNullable<DumeResponseItem['answers']>
}

/** Properties by the id that answers cite. More than one under an id is a fault of the document. */
export type Properties = Map<string, Property[]>

interface Walk {
  readonly code: string
  readonly properties: Properties
}

/**
 * Reads a criterion with its tree of groups. Keys are computed from the place of each group and question, so that the same
 * question has the same key in every version and every document: property ids change from one request to the next
 * in versions 2 and 3. In version 4 the ids are such places already, and come out equal.
 */
export function readCriterion(node: XmlNode, properties: Properties): DumeResponseCriterion {
  const id = textAt(node, idPath)
  const sourceCode = textAt(node, criterionCodePath)
  const known = findCriterion(id, sourceCode)
  const code = known?.code ?? sourceCode?.replace(/^CRITERION\./, '') ?? id ?? '?'
  const lots = textsAt(node, lotPath)
  return compact<DumeResponseCriterion>({
    uuid: known?.id ?? id,
    code,
    sourceCode: sourceCode === code ? undefined : sourceCode,
    family: known?.family ?? guessFamily(id, sourceCode),
    name: textAt(node, namePath),
    lots: lots.length === 0 ? undefined : lots,
    groups: readAllGroups(node, { code, properties }, ''),
  })
}

/** The groups of a criterion, then those of its national sub-criteria under `SC1/`, `SC2/`… */
function readAllGroups(node: XmlNode, walk: Walk, prefix: string): DumeResponseGroup[] {
  const own = readGroups(all(node, groupPath), walk, { prefix, suffix: 'G' })
  const inner = all(node, subCriterionPath).flatMap((sub, index) =>
    readAllGroups(sub, walk, `${prefix}SC${index + 1}/`),
  )
  return [...own, ...inner]
}

interface Naming {
  readonly prefix: string
  /** `G` at the top of a criterion, `SG` below: QG1, RG1, QSG1, RSG1. */
  readonly suffix: 'G' | 'SG'
}

function readGroups(nodes: readonly XmlNode[], walk: Walk, { prefix, suffix }: Naming): DumeResponseGroup[] {
  const counts = { Q: 0, R: 0 }
  return nodes.map((node) => {
    const letter = startsWithRequirement(node) === true ? 'R' : 'Q'
    counts[letter] += 1
    return readGroup(node, walk, `${prefix}${letter}${suffix}${counts[letter]}`)
  })
}

/** A group is of requirements when the first thing in it that is not a caption is one. */
function startsWithRequirement(group: XmlNode): boolean | undefined {
  for (const property of all(group, propertyPath)) {
    const kind = textAt(property, typePath)
    if (kind !== 'CAPTION') return kind === 'REQUIREMENT'
  }
  for (const inner of all(group, subGroupPath)) {
    const answer = startsWithRequirement(inner)
    if (answer !== undefined) return answer
  }
  return undefined
}

const conditions: Readonly<Record<string, DumeResponseGroup['when']>> = { ONTRUE: 'if-true', ONFALSE: 'if-false' }

function readGroup(node: XmlNode, walk: Walk, key: string): DumeResponseGroup {
  return compact<DumeResponseGroup>({
    key,
    when: conditions[textAt(node, groupTypePath) ?? ''] ?? 'always',
    sourceId: textAt(node, idPath),
    items: readItems(all(node, propertyPath), walk, key),
    groups: readGroups(all(node, subGroupPath), walk, { prefix: `${key}/`, suffix: 'SG' }),
  })
}

const marks = { question: 'Q', requirement: 'RQ', caption: 'CA' } as const

function readItems(nodes: readonly XmlNode[], walk: Walk, groupKey: string): DumeResponseItem[] {
  const counts = { question: 0, requirement: 0, caption: 0 }
  return nodes.map((node) => {
    const kind = kindOf(textAt(node, typePath))
    counts[kind] += 1
    const sourceId = textAt(node, idPath)
    const type = textAt(node, dataTypePath) ?? 'NONE'
    const item: Building = compact<DumeResponseItem>({
      key: `${walk.code}/${groupKey}/${marks[kind]}${counts[kind]}`,
      kind,
      type,
      sourceId,
      label: textAt(node, descriptionPath),
      expected: kind === 'question' ? undefined : readExpected(node),
      answers: undefined,
    })
    if (sourceId !== undefined) remember(walk.properties, sourceId, { type, node, item })
    return item
  })
}

function kindOf(code: string | undefined): DumeResponseItem['kind'] {
  if (code === 'REQUIREMENT') return 'requirement'
  return code === 'QUESTION' ? 'question' : 'caption'
}

function remember(properties: Properties, id: string, property: Property): void {
  const twins = properties.get(id)
  if (twins === undefined) properties.set(id, [property])
  else twins.push(property)
}
