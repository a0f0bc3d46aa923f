import { type Path, path } from '../xml/path.ts'

export const places = {
  ublVersion: 'cbc:UBLVersionID',
  customizationId: 'cbc:CustomizationID',
  profileId: 'cbc:ProfileID',
  profileExecutionId: 'cbc:ProfileExecutionID',
  id: 'cbc:ID',
  copy: 'cbc:CopyIndicator',
  uuid: 'cbc:UUID',
  contractFolder: 'cbc:ContractFolderID',
  issueDate: 'cbc:IssueDate',
  issueTime: 'cbc:IssueTime',
  groupName: 'cbc:EconomicOperatorGroupName',
  version: 'cbc:VersionID',
  previousVersion: 'cbc:PreviousVersionID',
  procedureCode: 'cbc:ProcedureCode',
  applicationType: 'cbc:QualificationApplicationTypeCode',
  contractingParty: 'cac:ContractingParty',
  buyerParty: 'cac:ContractingParty/cac:Party',
  buyerProfile: 'cac:ContractingParty/cbc:BuyerProfileURI',
  providerParty: 'cac:ContractingParty/cac:Party/cac:ServiceProviderParty/cac:Party',
  operator: 'cac:EconomicOperatorParty',
  operatorParty: 'cac:EconomicOperatorParty/cac:Party',
  role: 'cac:EconomicOperatorParty/cac:EconomicOperatorRole/cbc:RoleCode',
  pqs: 'cac:EconomicOperatorParty/cac:QualifyingParty/cac:Party/cac:PartyIdentification/cbc:ID',
  project: 'cac:ProcurementProject',
  lots: 'cac:ProcurementProjectLot',
  lotIds: 'cac:ProcurementProjectLot/cbc:ID',
  criteria: 'cac:TenderingCriterion',
  responses: 'cac:TenderingCriterionResponse',
  references: 'cac:AdditionalDocumentReference',
  evidences: 'cac:Evidence',
  // Below a party.
  size: 'cbc:IndustryClassificationCode',
  partyIds: 'cac:PartyIdentification/cbc:ID',
  partyName: 'cac:PartyName/cbc:Name',
  street: 'cac:PostalAddress/cbc:StreetName',
  city: 'cac:PostalAddress/cbc:CityName',
  postCode: 'cac:PostalAddress/cbc:PostalZone',
  country: 'cac:PostalAddress/cac:Country/cbc:IdentificationCode',
  mail: 'cac:Contact/cbc:ElectronicMail',
  powers: 'cac:PowerOfAttorney',
  // Below a power of attorney.
  person: 'cac:AgentParty/cac:Person',
  firstName: 'cbc:FirstName',
  familyName: 'cbc:FamilyName',
  birthDate: 'cbc:BirthDate',
  birthPlace: 'cbc:BirthplaceName',
  residence: 'cac:ResidenceAddress/cac:Country/cbc:IdentificationCode',
  // Below a response, a reference or an evidence.
  property: 'cbc:ValidatedCriterionPropertyID',
  value: 'cac:ResponseValue',
  period: 'cac:ApplicablePeriod',
  evidenceSupplied: 'cac:EvidenceSupplied',
  lot: 'cac:ProcurementProjectLotReference/cbc:ID',
  documentType: 'cbc:DocumentTypeCode',
  uri: 'cac:Attachment/cac:ExternalReference/cbc:URI',
  documents: 'cac:DocumentReference',
  issuer: 'cac:IssuerParty/cac:PartyName/cbc:Name',
  confidentiality: 'cbc:ConfidentialityLevelCode',
  name: 'cbc:Name',
  description: 'cbc:Description',
  nature: 'cbc:ProcurementTypeCode',
  cpv: 'cac:MainCommodityClassification/cbc:ItemClassificationCode',
} as const

/** Where the parts of an ESPD response are; a path starts at the element its group names. */
export type Place = keyof typeof places

const compiled = new Map<string, Path>(Object.entries(places).map(([place, source]) => [place, path(source)]))

/** The compiled path of a part. */
export function at(place: Place): Path {
  const found = compiled.get(place)
  if (found === undefined) throw new Error(`no path for ${place}`)
  return found
}
