import { type Path, path } from '../xml/path.ts'

/**
 * Where each business field is, by its eForms number (fields/fields.json of SDK 1.15.1). Paths start at the element the
 * suffix names: the notice, a company, a buyer (cac:ContractingParty), a lot, an award criterion. `EXT` stands for the
 * eForms extension of that element. Technical ids are found without their schemeName: French notices leave it out.
 */
export const fields = {
  'BT-01-notice': 'cbc:RegulatoryDomain',
  'BT-02-notice': 'cbc:NoticeTypeCode',
  'BT-04-notice': 'cbc:ContractFolderID',
  'BT-05(a)-notice': 'cbc:IssueDate',
  'BT-05(b)-notice': 'cbc:IssueTime',
  'BT-127-notice': 'cbc:PlannedDate',
  'BT-140-notice': 'EXT/efac:Changes/efac:ChangeReason/cbc:ReasonCode',
  'BT-701-notice': 'cbc:ID',
  'BT-702(a)-notice': 'cbc:NoticeLanguageCode',
  'BT-738-notice': 'cbc:RequestedPublicationDate',
  'BT-757-notice': 'cbc:VersionID',
  'BT-758-notice': 'EXT/efac:Changes/efbc:ChangedNoticeIdentifier',
  'BT-803(d)-notice': 'EXT/efbc:TransmissionDate',
  'OPP-070-notice': 'EXT/efac:NoticeSubType/cbc:SubTypeCode',
  'OPT-002-notice': 'cbc:CustomizationID',

  'BT-500-Organization-Company': 'cac:PartyName/cbc:Name',
  'BT-501-Organization-Company': 'cac:PartyLegalEntity/cbc:CompanyID',
  'BT-506-Organization-Company': 'cac:Contact/cbc:ElectronicMail',
  'BT-507-Organization-Company': 'cac:PostalAddress/cbc:CountrySubentityCode',
  'BT-512-Organization-Company': 'cac:PostalAddress/cbc:PostalZone',
  'BT-513-Organization-Company': 'cac:PostalAddress/cbc:CityName',
  'BT-514-Organization-Company': 'cac:PostalAddress/cac:Country/cbc:IdentificationCode',
  'OPT-200-Organization-Company': 'cac:PartyIdentification/cbc:ID',

  'BT-10-Procedure-Buyer': "cac:ContractingActivity/cbc:ActivityTypeCode[@listName='authority-activity']",
  'BT-11-Procedure-Buyer': "cac:ContractingPartyType/cbc:PartyTypeCode[@listName='buyer-legal-type']",
  'BT-508-Procedure-Buyer': 'cbc:BuyerProfileURI',
  'OPT-300-Procedure-Buyer': 'cac:Party/cac:PartyIdentification/cbc:ID',

  'BT-105-Procedure': 'cac:TenderingProcess/cbc:ProcedureCode',
  'BT-106-Procedure':
    "cac:TenderingProcess/cac:ProcessJustification/cbc:ProcessReasonCode[@listName='accelerated-procedure']",
  'BT-21-Procedure': 'cac:ProcurementProject/cbc:Name',
  'BT-22-Procedure': 'cac:ProcurementProject/cbc:ID',
  'BT-23-Procedure': 'cac:ProcurementProject/cbc:ProcurementTypeCode',
  'BT-24-Procedure': 'cac:ProcurementProject/cbc:Description',
  'BT-262-Procedure': 'cac:ProcurementProject/cac:MainCommodityClassification/cbc:ItemClassificationCode',
  'BT-263-Procedure': 'cac:ProcurementProject/cac:AdditionalCommodityClassification/cbc:ItemClassificationCode',
  'BT-27-Procedure': 'cac:ProcurementProject/cac:RequestedTenderTotal/cbc:EstimatedOverallContractAmount',
  'BT-271-Procedure': 'cac:ProcurementProject/cac:RequestedTenderTotal/EXT/efbc:FrameworkMaximumAmount',
  'BT-5071-Procedure': 'cac:Address/cbc:CountrySubentityCode',
  'BT-5121-Procedure': 'cac:Address/cbc:PostalZone',
  'BT-728-Procedure': 'cbc:Description',

  'BT-115-Lot': 'cac:TenderingProcess/cbc:GovernmentAgreementConstraintIndicator',
  'BT-13(d)-Lot': 'cac:TenderingProcess/cac:AdditionalInformationRequestPeriod/cbc:EndDate',
  'BT-13(t)-Lot': 'cac:TenderingProcess/cac:AdditionalInformationRequestPeriod/cbc:EndTime',
  'BT-131(d)-Lot': 'cac:TenderingProcess/cac:TenderSubmissionDeadlinePeriod/cbc:EndDate',
  'BT-131(t)-Lot': 'cac:TenderingProcess/cac:TenderSubmissionDeadlinePeriod/cbc:EndTime',
  'BT-1311(d)-Lot': 'cac:TenderingProcess/cac:ParticipationRequestReceptionPeriod/cbc:EndDate',
  'BT-1311(t)-Lot': 'cac:TenderingProcess/cac:ParticipationRequestReceptionPeriod/cbc:EndTime',
  'BT-132(d)-Lot': 'cac:TenderingProcess/cac:OpenTenderEvent/cbc:OccurrenceDate',
  'BT-132(t)-Lot': 'cac:TenderingProcess/cac:OpenTenderEvent/cbc:OccurrenceTime',
  'BT-137-Lot': 'cbc:ID',
  'BT-14-Lot': 'cbc:DocumentType',
  'BT-15-Lot': 'cac:Attachment/cac:ExternalReference/cbc:URI',
  'BT-17-Lot': "cac:TenderingProcess/cbc:SubmissionMethodCode[@listName='esubmission']",
  'BT-18-Lot': 'cac:TenderingTerms/cac:TenderRecipientParty/cbc:EndpointID',
  'BT-21-Lot': 'cac:ProcurementProject/cbc:Name',
  'BT-24-Lot': 'cac:ProcurementProject/cbc:Description',
  'BT-262-Lot': 'cac:ProcurementProject/cac:MainCommodityClassification/cbc:ItemClassificationCode',
  'BT-27-Lot': 'cac:ProcurementProject/cac:RequestedTenderTotal/cbc:EstimatedOverallContractAmount',
  'BT-36-Lot': 'cac:ProcurementProject/cac:PlannedPeriod/cbc:DurationMeasure',
  'BT-536-Lot': 'cac:ProcurementProject/cac:PlannedPeriod/cbc:StartDate',
  'BT-537-Lot': 'cac:ProcurementProject/cac:PlannedPeriod/cbc:EndDate',
  'BT-539-Lot': "cbc:AwardingCriterionTypeCode[@listName='award-criterion-type']",
  'BT-540-Lot': 'cbc:Description',
  'BT-541-Lot-WeightNumber':
    "EXT/efac:AwardCriterionParameter[efbc:ParameterCode/@listName='number-weight']/efbc:ParameterNumeric",
  'BT-58-Lot': 'cac:ProcurementProject/cac:ContractExtension/cbc:MaximumNumberNumeric',
  'BT-60-Lot': "cac:TenderingTerms/cbc:FundingProgramCode[@listName='eu-funded']",
  'BT-615-Lot': 'cac:Attachment/cac:ExternalReference/cbc:URI',
  'BT-63-Lot': 'cac:TenderingTerms/cbc:VariantConstraintCode',
  'BT-71-Lot':
    "cac:TenderingTerms/cac:TendererQualificationRequest/cac:SpecificTendererRequirement/cbc:TendererRequirementTypeCode[@listName='reserved-procurement']",
  'BT-744-Lot':
    "cac:TenderingTerms/cac:ContractExecutionRequirement/cbc:ExecutionRequirementCode[@listName='esignature-submission']",
  'BT-765-Lot':
    "cac:TenderingProcess/cac:ContractingSystem/cbc:ContractingSystemTypeCode[@listName='framework-agreement']",
  'BT-766-Lot': "cac:TenderingProcess/cac:ContractingSystem/cbc:ContractingSystemTypeCode[@listName='dps-usage']",
  'BT-767-Lot': 'cac:TenderingProcess/cac:AuctionTerms/cbc:AuctionConstraintIndicator',
  'BT-774-Lot':
    "cac:ProcurementProject/cac:ProcurementAdditionalType/cbc:ProcurementTypeCode[@listName='environmental-impact']",
  'BT-775-Lot':
    "cac:ProcurementProject/cac:ProcurementAdditionalType/cbc:ProcurementTypeCode[@listName='social-objective']",
  'BT-776-Lot':
    "cac:ProcurementProject/cac:ProcurementAdditionalType/cbc:ProcurementTypeCode[@listName='innovative-acquisition']",
  'BT-97-Lot': 'cac:TenderingTerms/cac:Language/cbc:ID',
  'BT-98-Lot': 'cac:TenderingTerms/cac:TenderValidityPeriod/cbc:DurationMeasure',
  'OPT-301-Lot-ReviewOrg': 'cac:TenderingTerms/cac:AppealTerms/cac:AppealReceiverParty/cac:PartyIdentification/cbc:ID',
} as const

/** A business field, by its number in the eForms SDK. */
export type Field = keyof typeof fields

const extension = 'ext:UBLExtensions/ext:UBLExtension/ext:ExtensionContent/efext:EformsExtension'

const compiled = new Map<string, Path>(
  Object.entries(fields).map(([field, source]) => [field, path(source.replace('EXT', extension))]),
)

/** The compiled path of a field. */
export function pathOf(field: Field): Path {
  const found = compiled.get(field)
  if (found === undefined) throw new Error(`no path for ${field}`)
  return found
}

/** The repeated elements the fields hang on. */
export const companies: Path = path(`${extension}/efac:Organizations/efac:Organization/efac:Company`)
export const touchPoints: Path = path(`${extension}/efac:Organizations/efac:Organization/efac:TouchPoint`)
export const organizations: Path = path(`${extension}/efac:Organizations`)
export const buyers: Path = path('cac:ContractingParty')
export const places: Path = path('cac:ProcurementProject/cac:RealizedLocation')
export const lots: Path = path("cac:ProcurementProjectLot[cbc:ID/@schemeName='Lot']")
export const lotParts: Path = path('cac:ProcurementProjectLot')
export const callDocuments: Path = path('cac:TenderingTerms/cac:CallForTendersDocumentReference')
export const awardCriteria: Path = path(
  'cac:TenderingTerms/cac:AwardingTerms/cac:AwardingCriterion/cac:SubordinateAwardingCriterion',
)
