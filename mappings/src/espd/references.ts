import type {
  DumeResponseEvidence,
  DumeResponseEvidenceRef,
  DumeResponseLegislation,
  DumeResponseNoticeRef,
  DumeResponseRequestRef,
} from '@socle/schemas'
import { attribute, type XmlNode } from '../xml/node.ts'
import { first, path } from '../xml/path.ts'
import { authorityCode, code, coded, day, inside, plain, registeredId, taxonomyId, text } from './codecs.ts'
import { type Codec, type Field, object, tableOf } from './fields.ts'

/** An id whose agency is kept beside it, in a property of its own. */
export function withAgency<T extends object>(codec: Codec<T>, key: keyof T & string): Codec<T> {
  return {
    read(node, reading, pointer) {
      const value = codec.read(node, reading, pointer)
      const agency = attribute(first(node, idPath), 'schemeAgencyID')
      return value === undefined || agency === undefined ? value : { ...value, [key]: agency }
    },
    write(value, name, writing) {
      const agency = value[key]
      return codec.write(value, name, typeof agency === 'string' ? { ...writing, issuer: agency } : writing)
    },
  }
}

const idPath = path('cbc:ID')

const ownId: Codec<string> = text(({ issuer }) => ({ schemeAgencyID: issuer }))
const uuid: Codec<string> = text(({ issuer }) => ({ schemeID: 'ISO/IEC 9834-8:2008 - 4UUID', schemeAgencyID: issuer }))
const uriPath = 'cac:Attachment/cac:ExternalReference/cbc:URI'

const requestRef = tableOf<DumeResponseRequestRef>()
const requestRefFields: readonly Field<DumeResponseRequestRef>[] = [
  requestRef.one('id', 'cbc:ID', ownId),
  requestRef.one('uuid', 'cbc:UUID', uuid),
  requestRef.one('issuedOn', 'cbc:IssueDate', day),
  {
    around: [],
    read: () => undefined,
    write: (_, writing) => [documentType.write('ESPD_REQUEST', 'cbc:DocumentTypeCode', writing)],
  },
  requestRef.one('uri', uriPath, plain),
]
const documentType: Codec<string> = code('docref-content-type')
export const requestRefCodec: Codec<DumeResponseRequestRef> = withAgency(object(requestRefFields), 'issuer')

const noticeRef = tableOf<DumeResponseNoticeRef>()
const noticeRefFields: readonly Field<DumeResponseNoticeRef>[] = [
  noticeRef.one('id', 'cbc:ID', ownId),
  noticeRef.one('uuid', 'cbc:UUID', uuid),
  noticeRef.one('issuedOn', 'cbc:IssueDate', day),
  noticeRef.one('type', 'cbc:DocumentTypeCode', documentType),
  noticeRef.one('uri', uriPath, plain),
  noticeRef.many('descriptions', 'cac:Attachment/cac:ExternalReference/cbc:Description', plain),
]
export const noticeRefCodec: Codec<DumeResponseNoticeRef> = withAgency(object(noticeRefFields), 'issuer')

const typePath = path('cbc:DocumentTypeCode')

/** ESPD-EDM 2.1.1 prose, section VIII.5: the reference of the request; later lists spell the type otherwise. */
export function isRequestReference(reference: XmlNode): boolean {
  const type = first(reference, typePath)?.text.trim()
  return type === 'ESPD_REQUEST' || type === 'epo-acc-espd-request'
}

/** Marks the type of a request reference as read: it is not a property, it is what makes it `requestRef`. */
export function typeOfReference(reference: XmlNode): XmlNode | undefined {
  return first(reference, typePath)
}

const evidenceRef = tableOf<DumeResponseEvidenceRef>()
const evidenceRefCodec: Codec<DumeResponseEvidenceRef> = withAgency(
  object([
    evidenceRef.one('id', 'cbc:ID', ownId),
    evidenceRef.one('uri', uriPath, plain),
    evidenceRef.many('issuerIds', 'cac:IssuerParty/cac:PartyIdentification', inside('cbc:ID', registeredId)),
    evidenceRef.one('issuer', 'cac:IssuerParty/cac:PartyName/cbc:Name', plain),
  ]),
  'agency',
)

const evidence = tableOf<DumeResponseEvidence>()
/** cac:Evidence, which a response supplies, and cac:TemplateEvidence, which a question describes. */
export const evidenceCodec: Codec<DumeResponseEvidence> = withAgency(
  object([
    evidence.one('id', 'cbc:ID', ownId),
    evidence.one('type', 'cbc:EvidenceTypeCode', coded),
    evidence.one('name', 'cbc:Name', plain),
    evidence.one('description', 'cbc:Description', plain),
    evidence.one('confidentiality', 'cbc:ConfidentialityLevelCode', authorityCode('access-right', '20250924-0')),
    evidence.one('issuer', 'cac:EvidenceIssuingParty/cac:PartyName/cbc:Name', plain),
    evidence.many('refs', 'cac:DocumentReference', evidenceRefCodec),
  ]),
  'agency',
)

const legislation = tableOf<DumeResponseLegislation>()
export const legislationCodec: Codec<DumeResponseLegislation> = object([
  legislation.one('id', 'cbc:ID', taxonomyId),
  legislation.one('title', 'cbc:Title', plain),
  legislation.one('description', 'cbc:Description', plain),
  legislation.one('jurisdiction', 'cbc:JurisdictionLevel', plain),
  legislation.one('article', 'cbc:Article', plain),
  legislation.one('uri', 'cbc:URI', plain),
  legislation.one('language', 'cac:Language/cbc:LocaleCode', authorityCode('language', '20250618-0')),
])
