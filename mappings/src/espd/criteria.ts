import type { DumeResponseCriterion, DumeResponseSubCriterion } from '@socle/schemas'
import { compact } from '../compact.ts'
import { type XmlNode, textOf } from '../xml/node.ts'
import { all, first, path, textAt } from '../xml/path.ts'
import type { XmlElement } from '../xml/write.ts'
import { authorityCode, code, decimal, inside, plain, taxonomyId } from './codecs.ts'
import { findCriterion, guessFamily } from './codes.ts'
import { type Field, type Writing, kept, readFields, tableOf, used, writeFields } from './fields.ts'
import { type TreeReading, readGroups, writeGroup } from './groups.ts'
import { legislationCodec } from './references.ts'

const idPath = path('cbc:ID')
const codePath = path('cbc:CriterionTypeCode')
const subCriterionPath = path('cac:SubTenderingCriterion')
const groupPath = path('cac:TenderingCriterionPropertyGroup')

const criterion = tableOf<DumeResponseCriterion>()
/** What stands before and after the sub-criteria, in the order of the XSD. */
const startFields: readonly Field<DumeResponseCriterion>[] = [
  kept(criterion.one('name', 'cbc:Name', plain), 'cbc:Name'),
  kept(criterion.one('description', 'cbc:Description', plain), 'cbc:Description'),
  criterion.one('weight', 'cbc:WeightNumeric', decimal),
  criterion.one('evaluation', 'cbc:EvaluationMethodTypeCode', code('evaluation-method-type')),
  criterion.many('weightingNotes', 'cbc:WeightingConsiderationDescription', plain),
  criterion.many('lots', 'cac:ProcurementProjectLotReference', inside('cbc:ID', taxonomyId)),
]
const lawFields: readonly Field<Pick<DumeResponseCriterion, 'legislation'>>[] = [
  tableOf<Pick<DumeResponseCriterion, 'legislation'>>().many('legislation', 'cac:Legislation', legislationCodec),
]
const criterionFields: readonly Field<DumeResponseCriterion>[] = [...startFields, ...lawFields]

const subCriterion = tableOf<DumeResponseSubCriterion>()
const subStartFields: readonly Field<DumeResponseSubCriterion>[] = [
  subCriterion.one('sourceId', 'cbc:ID', taxonomyId),
  subCriterion.one('sourceCode', 'cbc:CriterionTypeCode', authorityCode('criterion', '20240612-0')),
  subCriterion.one('name', 'cbc:Name', plain),
  subCriterion.one('description', 'cbc:Description', plain),
]

/**
 * Reads a criterion with its tree of groups. Keys are computed from the place of each group and question, so that the same
 * question has the same key in every version and every document: property ids change from one request to the next
 * in versions 2 and 3. In version 4 the ids are such places already, and come out equal.
 */
export function readCriterion(node: XmlNode, reading: TreeReading, pointer: string | undefined): DumeResponseCriterion {
  const identity = readIdentity(node)
  const { code: own } = identity
  markIdentity(node, reading, pointer)
  return {
    ...identity,
    ...readFields(criterionFields, node, reading, pointer),
    ...readSubCriteria(node, { code: own, prefix: '' }, reading, pointer),
    groups: readGroups(all(node, groupPath), { code: own, prefix: '', suffix: 'G' }, reading, pointer),
  }
}

type Identity = Pick<DumeResponseCriterion, 'uuid' | 'sourceId' | 'code' | 'sourceCode' | 'family'>

/** Which criterion of the taxonomy it is, by its id, else by its code; what is in no taxonomy keeps its own words. */
function readIdentity(node: XmlNode): Identity {
  const id = textAt(node, idPath)
  const sourceCode = textAt(node, codePath)
  const known = findCriterion(id, sourceCode)
  const uuid = known?.id ?? id
  const own = known?.code ?? sourceCode?.replace(/^CRITERION\./, '') ?? id ?? '?'
  return compact<Identity>({
    uuid,
    sourceId: id === uuid ? undefined : id,
    code: own,
    sourceCode: sourceCode === own ? undefined : sourceCode,
    family: known?.family ?? guessFamily(id, sourceCode),
  })
}

function markIdentity(node: XmlNode, reading: TreeReading, pointer: string | undefined): void {
  const identity = [
    [idPath, 'uuid'],
    [codePath, 'code'],
  ] as const
  for (const [at, name] of identity) {
    const found = first(node, at)
    if (found !== undefined && textOf(found) !== undefined) used(found, reading, pointer && `${pointer}/${name}`)
  }
}

interface Inside {
  readonly code: string
  readonly prefix: string
}

/** National sub-criteria; the keys of their groups start with `SC1/`, `SC2/`… */
function readSubCriteria(
  node: XmlNode,
  { code: own, prefix }: Inside,
  reading: TreeReading,
  pointer: string | undefined,
): Pick<DumeResponseCriterion, 'subCriteria'> {
  const nodes = all(node, subCriterionPath)
  if (nodes.length === 0) return {}
  return {
    subCriteria: nodes.map((sub, index) => {
      const inner = { code: own, prefix: `${prefix}SC${index + 1}/` }
      const at = pointer === undefined ? undefined : `${pointer}/subCriteria/${index}`
      return {
        ...readFields([...subStartFields, ...lawFields], sub, reading, at),
        ...readSubCriteria(sub, inner, reading, at),
        groups: readGroups(all(sub, groupPath), { ...inner, suffix: 'G' }, reading, at),
      }
    }),
  }
}

export function writeCriterion(own: DumeResponseCriterion, writing: Writing): XmlElement {
  const { uuid, sourceId, code: shortCode, sourceCode } = own
  return {
    name: 'cac:TenderingCriterion',
    children: [
      taxonomyId.write(sourceId ?? uuid ?? shortCode, 'cbc:ID', writing),
      authorityCode('criterion', '20240612-0').write(sourceCode ?? shortCode, 'cbc:CriterionTypeCode', writing),
      ...writeFields(startFields, own, writing),
      ...writeInner(own, writing),
    ],
  }
}

function writeSubCriterion(own: DumeResponseSubCriterion, writing: Writing): XmlElement {
  return {
    name: 'cac:SubTenderingCriterion',
    children: [...writeFields(subStartFields, own, writing), ...writeInner(own, writing)],
  }
}

/** What criteria and sub-criteria end with. */
function writeInner(
  own: Pick<DumeResponseCriterion, 'subCriteria' | 'legislation' | 'groups'>,
  writing: Writing,
): XmlElement[] {
  return [
    ...(own.subCriteria ?? []).map((sub) => writeSubCriterion(sub, writing)),
    ...writeFields(lawFields, own, writing),
    ...own.groups.map((group) => writeGroup(group, 'cac:TenderingCriterionPropertyGroup', writing)),
  ]
}
