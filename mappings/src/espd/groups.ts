import type { DumeResponseAnswer, DumeResponseGroup, DumeResponseItem } from '@socle/schemas'
import { compact } from '../compact.ts'
import { type XmlNode, textOf } from '../xml/node.ts'
import { type Path, all, first, path, textAt } from '../xml/path.ts'
import type { XmlElement } from '../xml/write.ts'
import { code, coded, plain, taxonomyId } from './codecs.ts'
import { type Field, type Reading, type Writing, kept, readFields, tableOf, used, writeFields } from './fields.ts'
import { evidenceCodec } from './references.ts'
import { readBounds, writeBounds } from './values.ts'

const idPath = path('cbc:ID')
const typePath = path('cbc:TypeCode')
const dataTypePath = path('cbc:ValueDataTypeCode')
const groupTypePath = path('cbc:PropertyGroupTypeCode')
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
  answers?: DumeResponseAnswer[]
}

/** Reading of a tree of criteria: answers find their question in it, rules find where a question stands. */
export interface TreeReading extends Reading {
  /** By the id that answers cite. More than one under an id is a fault of the document. */
  readonly properties: Map<string, Property[]>
  readonly nodes: Map<DumeResponseItem, XmlNode>
  /** JSON Pointers of the items, when somebody asks for an explanation. */
  readonly pointers?: Map<DumeResponseItem, string>
}

interface Naming {
  /** Short code of the criterion. */
  readonly code: string
  readonly prefix: string
  /** `G` at the top of a criterion, `SG` below: QG1, RG1, QSG1, RSG1. */
  readonly suffix: 'G' | 'SG'
}

export function readGroups(
  nodes: readonly XmlNode[],
  naming: Naming,
  reading: TreeReading,
  pointer: string | undefined,
): DumeResponseGroup[] {
  const counts = { Q: 0, R: 0 }
  return nodes.map((node, index) => {
    const letter = startsWithRequirement(node) === true ? 'R' : 'Q'
    counts[letter] += 1
    const key = `${naming.prefix}${letter}${naming.suffix}${counts[letter]}`
    return readGroup(node, { ...naming, prefix: key }, reading, pointer && `${pointer}/groups/${index}`)
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

const conditions: Readonly<Record<string, DumeResponseGroup['when']>> = {
  'ON*': 'always',
  ONTRUE: 'if-true',
  ONFALSE: 'if-false',
}

function readGroup(
  node: XmlNode,
  { code: own, prefix: key }: Naming,
  reading: TreeReading,
  pointer: string | undefined,
): DumeResponseGroup {
  const type = take(node, groupTypePath, reading, pointer && `${pointer}/when`)
  return compact<DumeResponseGroup>({
    key,
    when: conditions[type ?? ''] ?? 'always',
    sourceType: type === undefined || type in conditions ? undefined : type,
    sourceId: take(node, idPath, reading, pointer && `${pointer}/sourceId`),
    items: readItems(all(node, propertyPath), { code: own, key }, reading, pointer),
    groups: readGroups(all(node, subGroupPath), { code: own, prefix: `${key}/`, suffix: 'SG' }, reading, pointer),
  })
}

/** A text that is read by hand, told as read like those of a table. */
function take(node: XmlNode, at: Path, reading: Reading, pointer: string | undefined): string | undefined {
  const found = first(node, at)
  const text = textOf(found)
  if (found !== undefined && text !== undefined) used(found, reading, pointer)
  return text
}

/** What the buyer wrote of an item: its answers come from elsewhere. */
type Asked = Omit<DumeResponseItem, 'answers'>

const item = tableOf<Asked>()
/** Fields of a property before and after what it expects, in the order of the XSD. */
const startFields: readonly Field<Asked>[] = [
  item.one('name', 'cbc:Name', plain),
  kept(item.one('label', 'cbc:Description', plain), 'cbc:Description'),
]
const unitFields: readonly Field<Asked>[] = [
  item.one('unit', 'cbc:ValueUnitCode', code('unit')),
  item.one('currency', 'cbc:ValueCurrencyCode', code('currency')),
]
const evidenceFields: readonly Field<Asked>[] = [
  item.one('translation', 'cbc:TranslationTypeCode', coded),
  item.many('certification', 'cbc:CertificationLevelDescription', plain),
  item.one('copyQuality', 'cbc:CopyQualityTypeCode', coded),
]
const templateFields: readonly Field<Asked>[] = [item.many('templates', 'cac:TemplateEvidence', evidenceCodec)]
const itemFields: readonly Field<Asked>[] = [...startFields, ...unitFields, ...evidenceFields, ...templateFields]

const marks = { question: 'Q', requirement: 'RQ', caption: 'CA' } as const
const kinds: Readonly<Record<string, DumeResponseItem['kind']>> = {
  QUESTION: 'question',
  REQUIREMENT: 'requirement',
  CAPTION: 'caption',
}

interface Place {
  readonly code: string
  readonly key: string
}

function readItems(
  nodes: readonly XmlNode[],
  place: Place,
  reading: TreeReading,
  pointer: string | undefined,
): DumeResponseItem[] {
  const counts = { question: 0, requirement: 0, caption: 0 }
  return nodes.map((node, index) => {
    const at = pointer === undefined ? undefined : `${pointer}/items/${index}`
    const written = take(node, typePath, reading, at && `${at}/kind`)
    const kind = kinds[written ?? ''] ?? 'caption'
    counts[kind] += 1
    const sourceId = take(node, idPath, reading, at && `${at}/sourceId`)
    const type = take(node, dataTypePath, reading, at && `${at}/type`) ?? 'NONE'
    const own: Building = {
      key: `${place.code}/${place.key}/${marks[kind]}${counts[kind]}`,
      kind,
      ...(written === undefined || written in kinds ? {} : { sourceKind: written }),
      type,
      ...(sourceId === undefined ? {} : { sourceId }),
      ...readFields(itemFields, node, reading, at),
      ...readBounds(node, reading, at),
    }
    if (sourceId !== undefined) remember(reading.properties, sourceId, { type, node, item: own })
    reading.nodes.set(own, node)
    if (at !== undefined) reading.pointers?.set(own, at)
    return own
  })
}

function remember(properties: Map<string, Property[]>, id: string, property: Property): void {
  const twins = properties.get(id)
  if (twins === undefined) properties.set(id, [property])
  else twins.push(property)
}

const groupCodes = { always: 'ON*', 'if-true': 'ONTRUE', 'if-false': 'ONFALSE' } as const
const kindCodes = { question: 'QUESTION', requirement: 'REQUIREMENT', caption: 'CAPTION' } as const
const groupCode = code('property-group-type')
const kindCode = code('criterion-element-type')
const typeCode = code('response-data-type')

export function writeGroup(own: DumeResponseGroup, name: string, writing: Writing): XmlElement {
  const { sourceId = own.key, sourceType, when } = own
  return {
    name,
    children: [
      taxonomyId.write(sourceId, 'cbc:ID', writing),
      groupCode.write(sourceType ?? groupCodes[when], 'cbc:PropertyGroupTypeCode', writing),
      ...own.items.map((inner) => writeItem(inner, writing)),
      ...own.groups.map((inner) => writeGroup(inner, 'cac:SubsidiaryTenderingCriterionPropertyGroup', writing)),
    ],
  }
}

function writeItem(own: DumeResponseItem, writing: Writing): XmlElement {
  const { sourceId = own.key, sourceKind, kind, type } = own
  const { values, period } = writeBounds(own, writing)
  return {
    name: 'cac:TenderingCriterionProperty',
    children: [
      taxonomyId.write(sourceId, 'cbc:ID', writing),
      ...writeFields(startFields, own, writing),
      kindCode.write(sourceKind ?? kindCodes[kind], 'cbc:TypeCode', writing),
      typeCode.write(type, 'cbc:ValueDataTypeCode', writing),
      ...writeFields(unitFields, own, writing),
      ...values,
      ...writeFields(evidenceFields, own, writing),
      period,
      ...writeFields(templateFields, own, writing),
    ],
  }
}
