import type {
  DumeRequest,
  DumeResponse,
  DumeResponseEdm,
  DumeResponseProject,
  DumeResponseWeighting,
} from '@socle/schemas'
import { compact, some } from '../compact.ts'
import { type XmlNode, attribute, textOf } from '../xml/node.ts'
import { type Path, all, first, path } from '../xml/path.ts'
import { parseDay, parseTime, toInstant } from '../xml/values.ts'
import { authorityCode, code, day, indicator, inside, ownId, plain, taxonomyId, text } from './codecs.ts'
import { readCriterion } from './criteria.ts'
import { type Field, object, readFields, tableOf, used } from './fields.ts'
import type { TreeReading } from './groups.ts'
import { buyerFields, providerFields } from './parties.ts'
import { isRequestReference, noticeRefCodec, requestRefCodec, typeOfReference } from './references.ts'

/** What requests and responses have in common. */
export type Common = Omit<DumeRequest, 'kind' | 'procedureRef'> & Partial<Pick<DumeRequest, 'procedureRef'>>

const edm = tableOf<DumeResponseEdm>()
const onlyV2 = { versions: ['2.'] }
const edmFields: readonly Field<DumeResponseEdm>[] = [
  edm.one('ublVersion', 'cbc:UBLVersionID', plain),
  edm.one('customizationId', 'cbc:CustomizationID', plain, { versions: ['2.', '3.'] }),
  edm.one('profileId', 'cbc:ProfileID', plain, { versions: ['2.', '3.'] }),
  edm.one('profileExecutionId', 'cbc:ProfileExecutionID', plain),
  edm.one('kind', 'cbc:QualificationApplicationTypeCode', plain, onlyV2),
]

const head = tableOf<Common>()
const uuid = text(({ issuer }) => ({
  schemeID: 'ISO/IEC 9834-8:2008 - 4UUID',
  schemeAgencyID: issuer,
  schemeVersionID: '4.1.0',
}))
/** The lines before the parties, in the order of the XSD; the agency of the procedure is the writer's to add. */
export const idFields: readonly Field<Common>[] = [
  head.one('id', 'cbc:ID', ownId),
  head.one('isCopy', 'cbc:CopyIndicator', indicator),
  head.one('uuid', 'cbc:UUID', uuid),
]
export const procedureField: Field<Common> = head.one('procedureRef', 'cbc:ContractFolderID', ownId)
export const issuedOnField: Field<Common> = head.one('issuedOn', 'cbc:IssueDate', day)
export const versionFields: readonly Field<Common>[] = [
  head.one('version', 'cbc:VersionID', ownId),
  head.one('previousVersion', 'cbc:PreviousVersionID', ownId),
  head.one('procedureCode', 'cbc:ProcedureCode', authorityCode('procurement-procedure-type', '20250924-0')),
]

const weighting = tableOf<DumeResponseWeighting>()
/** Stands in the root itself, among the fields above. */
export const weightingFields: readonly Field<DumeResponseWeighting>[] = [
  weighting.many('notes', 'cbc:WeightScoringMethodologyNote', plain),
  weighting.one('type', 'cbc:WeightingTypeCode', code('weighting-type')),
]

const project = tableOf<DumeResponseProject>()
const projectFields: readonly Field<DumeResponseProject>[] = [
  project.one('name', 'cbc:Name', plain),
  project.one('description', 'cbc:Description', plain),
  project.one('nature', 'cbc:ProcurementTypeCode', authorityCode('contract-nature', '20210430-0')),
  project.one('cpv', 'cac:MainCommodityClassification/cbc:ItemClassificationCode', authorityCode('cpv', '20210430-0')),
]
/** The lines after the parties. */
export const projectAndLots: readonly Field<Common>[] = [
  head.one('project', 'cac:ProcurementProject', object(projectFields)),
  head.many('lots', 'cac:ProcurementProjectLot', inside('cbc:ID', taxonomyId)),
]

export const buyerPath: Path = path('cac:ContractingParty')
const providerPath = path('cac:ContractingParty/cac:Party/cac:ServiceProviderParty/cac:Party')
const criteriaPath = path('cac:TenderingCriterion')
const referencesPath = path('cac:AdditionalDocumentReference')
const idPath = path('cbc:ID')
const procedurePath = path('cbc:ContractFolderID')
const issueDatePath = path('cbc:IssueDate')
const issueTimePath = path('cbc:IssueTime')

const wholeDocument: readonly Field<Common>[] = [
  ...idFields,
  procedureField,
  issuedOnField,
  ...versionFields,
  ...projectAndLots,
]

/** Reads what a request and a response have in common. */
export function readCommon(root: XmlNode, reading: TreeReading): Common {
  const at = reading.trace === undefined ? undefined : ''
  const own = readFields(wholeDocument, root, reading, at)
  const provider = first(root, providerPath)
  const serviceProvider =
    provider === undefined
      ? undefined
      : readFields(providerFields, provider, reading, at === undefined ? at : '/serviceProvider')
  const buyer = readFields(buyerFields, first(root, buyerPath) ?? root, reading, at === undefined ? at : '/buyer')
  const scoring = readFields(weightingFields, root, reading, at === undefined ? at : '/weighting')
  return {
    ...own,
    ...compact<
      Pick<Common, 'issuer' | 'procedureIssuer' | 'issuedAt' | 'weighting' | 'noticeRefs' | 'serviceProvider'>
    >({
      issuer: attribute(first(root, idPath), 'schemeAgencyID'),
      procedureIssuer: attribute(first(root, procedurePath), 'schemeAgencyID'),
      issuedAt: readIssued(root, reading, at),
      weighting: scoring,
      noticeRefs: readNoticeRefs(root, reading, at),
      serviceProvider,
    }),
    edm: { version: reading.version, ...readFields(edmFields, root, reading, at === undefined ? at : '/edm') },
    buyer: buyer ?? { ids: [] },
    criteria: all(root, criteriaPath).map((node, index) =>
      readCriterion(node, reading, at === undefined ? at : `/criteria/${index}`),
    ),
  }
}

/** Only with an offset is it a moment; samples of version 4 give the day without one and the time with. */
function readIssued(root: XmlNode, reading: TreeReading, at: string | undefined): string | undefined {
  const node = first(root, issueTimePath)
  const own = parseDay(textOf(first(root, issueDatePath)) ?? '')
  const time = parseTime(textOf(node) ?? '')
  if (own === undefined || time === undefined || node === undefined) return undefined
  const offset = time.offset ?? own.offset
  if (offset === undefined) return undefined
  used(node, reading, at === undefined ? at : '/issuedAt')
  return toInstant(own, { ...time, offset })
}

function readNoticeRefs(root: XmlNode, reading: TreeReading, at: string | undefined): Common['noticeRefs'] {
  const nodes = all(root, referencesPath).filter((node) => !isRequestReference(node))
  return some(
    nodes.flatMap((node, index) => {
      const read = noticeRefCodec.read(node, reading, at === undefined ? at : `/noticeRefs/${index}`)
      return read === undefined ? [] : { ...read, type: (read as { type?: string }).type ?? 'unknown' }
    }),
  )
}

/** The request that a response cites; its type is not a property, it is what makes it the request. */
export function readRequestRef(root: XmlNode, reading: TreeReading): DumeResponse['requestRef'] {
  const node = all(root, referencesPath).find(isRequestReference)
  if (node === undefined) return undefined
  const type = typeOfReference(node)
  if (type !== undefined) reading.used.add(type)
  return requestRefCodec.read(node, reading, reading.trace === undefined ? undefined : '/requestRef')
}
