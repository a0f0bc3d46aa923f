import { type Path, path } from '../xml/path.ts'

const places = {
  ublVersion: 'cbc:UBLVersionID',
  customizationId: 'cbc:CustomizationID',
  profileId: 'cbc:ProfileID',
  executionId: 'cbc:ProfileExecutionID',
  id: 'cbc:ID',
  uuid: 'cbc:UUID',
  contractFolder: 'cbc:ContractFolderID',
  issueDate: 'cbc:IssueDate',
  procedureCode: 'cbc:ProcedureCode',
  applicationType: 'cbc:QualificationApplicationTypeCode',
  contractingParty: 'cac:ContractingParty',
  buyerParty: 'cac:ContractingParty/cac:Party',
  providerParty: 'cac:ContractingParty/cac:Party/cac:ServiceProviderParty/cac:Party',
  operatorParty: 'cac:EconomicOperatorParty/cac:Party',
  role: 'cac:EconomicOperatorParty/cac:EconomicOperatorRole/cbc:RoleCode',
  lots: 'cac:ProcurementProjectLot',
  criteria: 'cac:TenderingCriterion',
  responses: 'cac:TenderingCriterionResponse',
  references: 'cac:AdditionalDocumentReference',
  evidences: 'cac:Evidence',
  // Below a party.
  size: 'cbc:IndustryClassificationCode',
  partyIds: 'cac:PartyIdentification/cbc:ID',
  partyName: 'cac:PartyName/cbc:Name',
  country: 'cac:PostalAddress/cac:Country/cbc:IdentificationCode',
  powers: 'cac:PowerOfAttorney',
  // Below a power of attorney.
  firstName: 'cac:AgentParty/cac:Person/cbc:FirstName',
  familyName: 'cac:AgentParty/cac:Person/cbc:FamilyName',
  residence: 'cac:AgentParty/cac:Person/cac:ResidenceAddress/cac:Country/cbc:IdentificationCode',
  // Below a response.
  property: 'cbc:ValidatedCriterionPropertyID',
  value: 'cac:ResponseValue',
  valueId: 'cac:ResponseValue/cbc:ID',
  responseId: 'cac:ResponseValue/cbc:ResponseID',
  period: 'cac:ApplicablePeriod',
  evidenceSupplied: 'cac:EvidenceSupplied',
  lot: 'cac:ProcurementProjectLotReference/cbc:ID',
  confidentiality: 'cbc:ConfidentialityLevelCode',
  // Below a reference.
  documentType: 'cbc:DocumentTypeCode',
  referenceLines: 'cac:Attachment/cac:ExternalReference/cbc:Description',
  // Below a criterion, a group, a question or a law.
  criterionCode: 'cbc:CriterionTypeCode',
  groupType: 'cbc:PropertyGroupTypeCode',
  elementType: 'cbc:TypeCode',
  dataType: 'cbc:ValueDataTypeCode',
  name: 'cbc:Name',
  description: 'cbc:Description',
  title: 'cbc:Title',
  article: 'cbc:Article',
} as const

/** Where the parts that rules look at are; a path starts at the element its group names. */
export type Place = keyof typeof places

const compiled = new Map<string, Path>(Object.entries(places).map(([place, source]) => [place, path(source)]))

/** The compiled path of a part. */
export function at(place: Place): Path {
  const found = compiled.get(place)
  if (found === undefined) throw new Error(`no path for ${place}`)
  return found
}
