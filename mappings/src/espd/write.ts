import type {
  DumeRequest,
  DumeResponse,
  DumeResponseAnswer,
  DumeResponseCriterion,
  DumeResponseGroup,
  DumeResponseItem,
} from '@socle/schemas'
import { namespaces } from '../xml/namespaces.ts'
import { type XmlElement, group, leaf, writeXml } from '../xml/write.ts'
import type { Unwritable, Written } from '../translation.ts'
import { authorityCode, ownId } from './codecs.ts'
import { writeCriterion } from './criteria.ts'
import {
  type Common,
  idFields,
  issuedOnField,
  procedureField,
  projectAndLots,
  versionFields,
  weightingFields,
} from './document.ts'
import { type Writing, writeFields } from './fields.ts'
import { buyerFields, operatorFields, providerFields } from './parties.ts'
import { evidenceCodec, noticeRefCodec, requestRefCodec } from './references.ts'
import { toVersion4 } from './upgrade.ts'
import { writeAnswerValue } from './values.ts'

/**
 * Writes a response as ESPD-EDM 4.1.0 (UBL 2.3). `losses` is empty for what was read from 4.1.0; from other versions it
 * says what changes. Nothing is made up: what 4.1.0 asks for and the canonical form lacks is returned as missing.
 */
export function writeEspdResponse(canonical: DumeResponse): Written | Unwritable {
  const upgraded = toVersion4(canonical)
  if ('missing' in upgraded) return upgraded
  const { document, losses } = upgraded
  const writing = writingOf(document)
  const children = [
    ...head(document, writing, document.operator.groupName),
    contractingParty(document, writing),
    group('cac:EconomicOperatorParty', writeFields(operatorFields, document.operator, writing)),
    ...writeFields(projectAndLots, document, writing),
    ...document.criteria.map((criterion) => writeCriterion(criterion, writing)),
    ...document.criteria.flatMap((criterion) => answersOf(criterion)).map((answer) => writeAnswer(answer, writing)),
    ...references(document, writing),
    ...document.evidences.map((evidence) => evidenceCodec.write(evidence, 'cac:Evidence', writing)),
  ]
  return { content: xmlOf('QualificationApplicationResponse', children), mediaType: 'application/xml', losses }
}

/** Writes a request as ESPD-EDM 4.1.0, as `writeEspdResponse` does a response. */
export function writeEspdRequest(canonical: DumeRequest): Written | Unwritable {
  const upgraded = toVersion4(canonical)
  if ('missing' in upgraded) return upgraded
  const { document, losses } = upgraded
  const writing = writingOf(document)
  const children = [
    ...head(document, writing),
    contractingParty(document, writing),
    ...writeFields(projectAndLots, document, writing),
    ...document.criteria.map((criterion) => writeCriterion(criterion, writing)),
    ...references(document, writing),
  ]
  return { content: xmlOf('QualificationApplicationRequest', children), mediaType: 'application/xml', losses }
}

/** `toVersion4` lets no document through whose issuer is unknown. */
function writingOf({ issuer = '' }: Common): Writing {
  return { issuer }
}

function xmlOf(root: string, children: readonly (XmlElement | undefined)[]): string {
  const { cac, cbc } = namespaces
  const ns = `urn:oasis:names:specification:ubl:schema:xsd:${root}-2`
  return writeXml({ name: root, attrs: { xmlns: ns, 'xmlns:cac': cac, 'xmlns:cbc': cbc }, children })
}

function head(document: Common, writing: Writing, groupName?: string): (XmlElement | undefined)[] {
  const procedure = { issuer: document.procedureIssuer ?? writing.issuer }
  return [
    leaf('cbc:UBLVersionID', '2.3', { schemeAgencyID: 'OASIS-UBL-TC' }),
    leaf('cbc:ProfileExecutionID', 'ESPD-EDMv4.1.0', { schemeAgencyID: 'OP', schemeVersionID: '4.1.0' }),
    ...writeFields(idFields, document, writing),
    ...writeFields([procedureField], document, procedure),
    ...writeFields([issuedOnField], document, writing),
    leaf('cbc:IssueTime', document.issuedAt?.split('T')[1]),
    leaf('cbc:EconomicOperatorGroupName', groupName),
    ...writeFields(versionFields, document, writing),
    ...writeFields(weightingFields, document.weighting ?? {}, writing),
  ]
}

/** The service provider is a party inside the buyer's, its last child. */
function contractingParty({ buyer, serviceProvider }: Common, writing: Writing): XmlElement | undefined {
  const provided =
    serviceProvider &&
    group('cac:ServiceProviderParty', [group('cac:Party', writeFields(providerFields, serviceProvider, writing))])
  const own = writeFields(buyerFields, buyer, writing)
  const party = own.find(({ name }) => name === 'cac:Party')
  return group('cac:ContractingParty', [
    ...own.filter((element) => element !== party),
    // The XSD asks for a party even when nothing is known of it.
    { name: 'cac:Party', children: [...(party?.children ?? []), provided] },
  ])
}

interface Given {
  readonly item: DumeResponseItem
  readonly answer: DumeResponseAnswer
  /** 1 for the first answer to its question. */
  readonly place: number
}

function answersOf({ groups, subCriteria = [] }: Pick<DumeResponseCriterion, 'groups' | 'subCriteria'>): Given[] {
  const inGroup = (own: DumeResponseGroup): Given[] => [
    ...own.items.flatMap((item) => (item.answers ?? []).map((answer, index) => ({ item, answer, place: index + 1 }))),
    ...own.groups.flatMap(inGroup),
  ]
  return [...groups.flatMap(inGroup), ...subCriteria.flatMap(answersOf)]
}

const access = authorityCode('access-right', '20250924-0')

function writeAnswer({ item, answer, place }: Given, writing: Writing): XmlElement {
  const property = item.sourceId ?? item.key
  const { sourceId = `${property}/R${place}`, lot, confidentiality, value } = answer
  const taxonomy = { schemeID: 'Criterion', schemeAgencyID: 'OP', schemeVersionID: '4.1.0' }
  return {
    name: 'cac:TenderingCriterionResponse',
    children: [
      ownId.write(sourceId, 'cbc:ID', writing),
      leaf('cbc:ValidatedCriterionPropertyID', property, taxonomy),
      confidentiality === undefined
        ? undefined
        : access.write(confidentiality, 'cbc:ConfidentialityLevelCode', writing),
      writeAnswerValue(value, sourceId, writing),
      group('cac:ProcurementProjectLotReference', [leaf('cbc:ID', lot, taxonomy)]),
    ],
  }
}

function references(document: Common | DumeResponse, writing: Writing): (XmlElement | undefined)[] {
  const name = 'cac:AdditionalDocumentReference'
  const requestRef = 'requestRef' in document ? document.requestRef : undefined
  return [
    requestRef && requestRefCodec.write(requestRef, name, writing),
    ...(document.noticeRefs ?? []).map((notice) => noticeRefCodec.write(notice, name, writing)),
  ]
}
