/**
 * The order of the children of each element that is written, as the sequences of the UBL 2.3 and eForms schemas give it
 * (xsdSequenceOrder in fields/fields.json, the same in SDK 1.13 and 1.15). `*` is the root, whichever notice it is.
 */
export const sequences: Readonly<Record<string, string>> = {
  '*': `
    ext:UBLExtensions cbc:UBLVersionID cbc:CustomizationID cbc:ID cbc:ContractFolderID cbc:IssueDate cbc:IssueTime
    cbc:Note cbc:VersionID cbc:RequestedPublicationDate cbc:PlannedDate cbc:RegulatoryDomain cbc:NoticeTypeCode
    cbc:NoticeLanguageCode cac:AdditionalNoticeLanguage cac:SenderParty cac:ContractingParty cac:BusinessParty
    cac:AdditionalDocumentReference cac:BusinessCapability efac:NoticePurpose cac:TenderingTerms
    cac:TenderingProcess cac:ProcurementProject cac:ProcurementProjectLot cac:TenderResult`,
  'cac:BusinessParty': 'cbc:WebsiteURI cac:PostalAddress cac:PartyLegalEntity cac:Contact',
  'cac:PartyLegalEntity': 'cbc:RegistrationName cbc:CompanyID cbc:RegistrationDate cac:CorporateRegistrationScheme',
  'cac:ContractingParty': 'cbc:BuyerProfileURI cac:ContractingPartyType cac:ContractingActivity cac:Party',
  'cac:Party': 'cac:PartyIdentification cac:ServiceProviderParty',
  'cac:ServiceProviderParty': 'cbc:ServiceTypeCode cac:Party',
  'cac:ProcurementProject': `
    cbc:ID cbc:Name cbc:Description cbc:ProcurementTypeCode cbc:EstimatedOverallContractQuantity cbc:Note
    cbc:SMESuitableIndicator cac:ProcurementAdditionalType cac:RequestedTenderTotal
    cac:MainCommodityClassification cac:AdditionalCommodityClassification cac:RealizedLocation cac:PlannedPeriod
    cac:ContractExtension`,
  'cac:RealizedLocation': 'cbc:Description cac:Address',
  'cac:RequestedTenderTotal': 'ext:UBLExtensions cbc:EstimatedOverallContractAmount',
  'cac:ProcurementProjectLot': 'cbc:ID cac:TenderingTerms cac:TenderingProcess cac:ProcurementProject',
  'cac:ContractExtension': 'cbc:OptionsDescription cbc:MaximumNumberNumeric cac:Renewal',
  'cac:TenderingProcess': `
    ext:UBLExtensions cbc:Description cbc:ProcedureCode cbc:PartPresentationCode cbc:SubmissionMethodCode
    cbc:CandidateReductionConstraintIndicator cbc:GovernmentAgreementConstraintIndicator cbc:AccessToolsURI
    cbc:TerminatedIndicator cac:TenderSubmissionDeadlinePeriod cac:InvitationSubmissionPeriod
    cac:ParticipationInvitationPeriod cac:ParticipationRequestReceptionPeriod
    cac:AdditionalInformationRequestPeriod cac:NoticeDocumentReference cac:ProcessJustification
    cac:EconomicOperatorShortList cac:OpenTenderEvent cac:AuctionTerms cac:FrameworkAgreement
    cac:ContractingSystem`,
  'cac:FrameworkAgreement': `
    cbc:MaximumOperatorQuantity cbc:Justification cbc:EstimatedMaximumValueAmount
    cac:SubsequentProcessTenderRequirement`,
  'cac:OpenTenderEvent': 'cbc:OccurrenceDate cbc:OccurrenceTime cbc:Description cac:OccurenceLocation',
  'efext:EformsExtension': `
    efbc:AccessToolName efbc:FrameworkMaximumAmount efbc:ProcedureRelaunchIndicator efbc:TransmissionDate
    efbc:TransmissionTime efac:AnswerReceptionPeriod efac:Appeals efac:AwardCriterionParameter efac:Changes
    efac:ContractModification efac:FieldsPrivacy efac:Funding efac:InterestExpressionReceptionPeriod
    efac:NonOfficialLanguages efac:NoticeResult efac:NoticeSubType efac:OfficialLanguages efac:Organizations
    efac:Publication efac:SelectionCriteria efac:StrategicProcurement efac:TenderSubcontractingRequirements`,
  'cac:TenderingTerms': `
    ext:UBLExtensions cbc:VariantConstraintCode cbc:FundingProgramCode cbc:RequiredCurriculaCode
    cbc:RecurringProcurementIndicator cbc:RecurringProcurementDescription cbc:LatestSecurityClearanceDate
    cbc:MultipleTendersCode cac:RequiredFinancialGuarantee cac:ProcurementLegislationDocumentReference
    cac:FiscalLegislationDocumentReference cac:EnvironmentalLegislationDocumentReference
    cac:EmploymentLegislationDocumentReference cac:CallForTendersDocumentReference cac:PaymentTerms
    cac:TendererQualificationRequest cac:AllowedSubcontractTerms cac:ContractExecutionRequirement
    cac:AwardingTerms cac:AdditionalInformationParty cac:DocumentProviderParty cac:TenderRecipientParty
    cac:TenderEvaluationParty cac:TenderValidityPeriod cac:AppealTerms cac:Language cac:LotDistribution
    cac:PostAwardProcess cac:EconomicOperatorShortList cac:SecurityClearanceTerm`,
  'cac:AppealTerms': 'cac:PresentationPeriod cac:AppealInformationParty cac:AppealReceiverParty cac:MediationParty',
  'cac:AwardingTerms': `
    cbc:FollowupContractIndicator cbc:BindingOnBuyerIndicator cbc:NoFurtherNegotiationIndicator
    cac:AwardingCriterion cac:TechnicalCommitteePerson cac:Prize`,
  'cac:AwardingCriterion': `
    ext:UBLExtensions cbc:Description cbc:CalculationExpression cac:SubordinateAwardingCriterion`,
  'cac:SubordinateAwardingCriterion': 'ext:UBLExtensions cbc:AwardingCriterionTypeCode cbc:Name cbc:Description',
  'efac:AwardCriterionParameter': 'efac:FieldsPrivacy efbc:ParameterCode efbc:ParameterNumeric',
  'cac:CallForTendersDocumentReference': `
    ext:UBLExtensions cbc:ID cbc:DocumentTypeCode cbc:DocumentType cac:Attachment`,
  'cac:EconomicOperatorShortList': `
    cbc:LimitationDescription cbc:MaximumQuantity cbc:MinimumQuantity cac:PreSelectedParty`,
  'cac:TendererQualificationRequest': 'cbc:CompanyLegalFormCode cbc:CompanyLegalForm cac:SpecificTendererRequirement',
  'efac:SelectionCriteria': `
    cbc:TendererRequirementTypeCode cbc:Description efbc:SecondStageIndicator efac:CriterionParameter`,
  'efac:StrategicProcurement': 'efbc:ApplicableLegalBasis efac:StrategicProcurementInformation',
  'efac:StrategicProcurementInformation': 'efbc:ProcurementCategoryCode efac:AppliedMeasure efac:ProcurementDetails',
  'cac:ProcessJustification': 'ext:UBLExtensions cbc:ProcessReasonCode cbc:ProcessReason cbc:Description',
  'cac:LotDistribution': 'cbc:MaximumLotsAwardedNumeric cbc:MaximumLotsSubmittedNumeric cac:LotsGroup',
  'cac:LotsGroup': 'cbc:LotsGroupID cac:ProcurementProjectLotReference',
  'cac:ProcurementLegislationDocumentReference': 'ext:UBLExtensions cbc:ID cbc:DocumentDescription',
  'efac:AppealInformation': `
    cbc:ID cbc:Date cbc:Title cbc:Description cbc:FeeAmount cbc:URI efbc:AppealID efbc:AppealRemedyValue
    efbc:AppealStageCode efbc:PreviousAppealID efbc:WithdrawnAppealIndicator efbc:WithdrawnAppealDate
    efbc:WithdrawnAppealReasons efac:AppealIrregularity efac:AppealedItem efac:AppealingParty
    efac:AppealProcessingParty efac:AppealDecision efac:AppealRemedy`,
  'efac:Changes': 'efbc:ChangedNoticeIdentifier efac:Change efac:ChangeReason',
  'efac:Change': `
    efbc:ChangeDescription efbc:ProcurementDocumentsChangeDate efbc:ProcurementDocumentsChangeIndicator
    efac:ChangedSection`,
  'efac:ContractModification': `
    efbc:ChangedNoticeIdentifier efbc:ModifiedContractIdentifier efac:Change efac:ChangeReason`,
  'efac:NoticeResult': `
    efac:FieldsPrivacy cbc:TotalAmount efbc:OverallApproximateFrameworkContractsAmount
    efbc:OverallMaximumFrameworkContractsAmount efac:GroupFramework efac:LotResult efac:LotTender
    efac:SettledContract efac:TenderingParty`,
  'efac:GroupFramework': `
    efac:FieldsPrivacy efbc:GroupFrameworkMaximumValueAmount efbc:GroupFrameworkReestimatedValueAmount
    efac:TenderLot`,
  'efac:LotResult': `
    efac:FieldsPrivacy cbc:ID cbc:HigherTenderAmount cbc:LowerTenderAmount cbc:TenderResultCode
    efbc:DPSTerminationIndicator cac:FinancingParty cac:PayerParty efac:AppealRequestsStatistics
    efac:DecisionReason efac:LotTender efac:FrameworkAgreementValues efac:ReceivedSubmissionsStatistics
    efac:SettledContract efac:StrategicProcurement efac:TenderLot`,
  'efac:AppealRequestsStatistics': 'efac:FieldsPrivacy efbc:StatisticsCode efbc:StatisticsNumeric',
  'efac:DecisionReason': 'efac:FieldsPrivacy efbc:DecisionReasonCode',
  'efac:FrameworkAgreementValues': 'efac:FieldsPrivacy cbc:MaximumValueAmount efbc:ReestimatedValueAmount',
  'efac:ReceivedSubmissionsStatistics': 'efac:FieldsPrivacy efbc:StatisticsCode efbc:StatisticsNumeric',
  'efac:AppliedMeasure': 'efbc:MeasureCode efac:MeasureException efac:MeasureStatistics',
  'efac:ProcurementDetails': `
    efbc:AssetCategoryCode efbc:LegalFrameworkCode efac:AssetLabel efac:AssetMetric
    efac:StrategicProcurementStatistics`,
  'efac:LotTender': `
    efac:FieldsPrivacy cbc:ID cbc:RankCode efbc:ForeignSubsidiesMeasuresCode
    efbc:PublicTransportationCumulatedDistance efbc:TenderRankedIndicator efbc:TenderVariantIndicator
    cac:LegalMonetaryTotal efac:AggregatedAmounts efac:ConcessionRevenue efac:ContractTerm efac:Origin
    efac:SubcontractingTerm efac:TenderingParty efac:TenderLot efac:TenderReference`,
  'efac:ConcessionRevenue': 'efac:FieldsPrivacy efbc:RevenueBuyerAmount efbc:RevenueUserAmount efbc:ValueDescription',
  'efac:Origin': 'efac:FieldsPrivacy efbc:AreaCode',
  'efac:SubcontractingTerm': `
    efac:FieldsPrivacy efbc:TermAmount efbc:TermDescription efbc:TermPercent efbc:TermCode
    efbc:PercentageKnownIndicator efbc:ValueKnownIndicator`,
  'efac:SettledContract': `
    cbc:ID cbc:AwardDate cbc:IssueDate cbc:Title cbc:URI efbc:ContractFrameworkIndicator
    cac:NoticeDocumentReference cac:SignatoryParty efac:ContractReference efac:DurationJustification
    efac:LotTender efac:Funding`,
  'efac:DurationJustification': 'efbc:ExtendedDurationIndicator efac:AssetsList',
  'efac:TenderingParty': 'cbc:ID cbc:Name efac:Tenderer efac:SubContractor',
  'efac:SubContractor': 'cbc:ID efac:MainContractor',
  'efac:Organizations': 'efac:Organization efac:UltimateBeneficialOwner',
  'efac:Organization': `
    efbc:GroupLeadIndicator efbc:AcquiringCPBIndicator efbc:AwardingCPBIndicator
    efbc:ListedOnRegulatedMarketIndicator efbc:NaturalPersonIndicator efac:UltimateBeneficialOwner efac:Company
    efac:TouchPoint`,
  'efac:Company': `
    cbc:WebsiteURI cbc:EndpointID efbc:CompanySizeCode cac:PartyIdentification cac:PartyName cac:PostalAddress
    cac:PartyLegalEntity cac:Contact`,
  'efac:TouchPoint': `
    cbc:WebsiteURI cbc:EndpointID cac:PartyIdentification cac:PartyName cac:PostalAddress cac:Contact`,
  'efac:UltimateBeneficialOwner': `
    cbc:ID cbc:FirstName cbc:FamilyName cac:Contact cac:ResidenceAddress efac:Nationality`,
  'cac:ProcurementAdditionalType': 'cbc:ProcurementTypeCode cbc:ProcurementType',
  'cac:SubsequentProcessTenderRequirement': 'cbc:Name cbc:Description',
  'cac:AuctionTerms': 'cbc:AuctionConstraintIndicator cbc:Description cbc:AuctionURI',
  'cac:NoticeDocumentReference': 'cbc:ID cbc:ReferencedDocumentInternalAddress',
  'cac:AdditionalInformationRequestPeriod': 'cbc:EndDate cbc:EndTime',
  'cac:TenderSubmissionDeadlinePeriod': 'cbc:EndDate cbc:EndTime',
  'cac:ParticipationRequestReceptionPeriod': 'cbc:EndDate cbc:EndTime',
  'efac:ChangeReason': 'cbc:ReasonCode efbc:ReasonDescription',
  'cac:PostalAddress': `
    cbc:StreetName cbc:AdditionalStreetName cbc:Department cbc:CityName cbc:PostalZone cbc:CountrySubentityCode
    cac:AddressLine cac:Country`,
  'cac:TenderRecipientParty': 'cbc:EndpointID cac:PartyIdentification',
  'efac:FieldsPrivacy': 'efbc:FieldIdentifierCode cbc:ReasonCode efbc:ReasonDescription efbc:PublicationDate',
  'cac:PlannedPeriod': 'cbc:StartDate cbc:EndDate cbc:DurationMeasure cbc:DescriptionCode cbc:Description',
  'cac:Prize': 'cbc:RankCode cbc:ValueAmount cbc:Description',
  'efac:Funding': 'efbc:FinancingIdentifier cbc:FundingProgramCode cbc:Description',
  'cac:Contact': 'cbc:Name cbc:Telephone cbc:Telefax cbc:ElectronicMail',
  'cac:ResidenceAddress': `
    cbc:StreetName cbc:AdditionalStreetName cbc:CityName cbc:PostalZone cbc:CountrySubentityCode cac:AddressLine
    cac:Country`,
  'cac:Address': `
    cbc:StreetName cbc:AdditionalStreetName cbc:CityName cbc:PostalZone cbc:CountrySubentityCode cbc:Region
    cac:AddressLine cac:Country`,
  'cac:SecurityClearanceTerm': 'cbc:Code cbc:Description',
  'efac:InterestExpressionReceptionPeriod': 'cbc:EndDate cbc:EndTime',
  'cac:AllowedSubcontractTerms': 'cbc:SubcontractingConditionsCode cbc:MaximumPercent cbc:MinimumPercent',
  'cac:SpecificTendererRequirement': 'cbc:TendererRequirementTypeCode cbc:Description',
  'cac:ContractExecutionRequirement': 'cbc:ExecutionRequirementCode cbc:Description',
  'efac:MeasureException': 'efbc:ExceptionCode efbc:ExceptionDescription',
  'cac:RequiredFinancialGuarantee': 'cbc:GuaranteeTypeCode cbc:Description',
  'efac:CriterionParameter': 'efbc:ParameterCode efbc:ParameterNumeric',
  'efac:AggregatedAmounts': 'cbc:PaidAmount efbc:PaidAmountDescription efbc:PenaltiesAmount',
  'efac:AppealProcessingParty': 'efbc:AppealProcessingPartyTypeCode cac:Party',
  'efac:AnswerReceptionPeriod': 'cbc:EndDate cbc:EndTime',
  'efac:AssetMetric': 'efbc:AssetMetricCode efbc:AssetMetricNumeric',
  'efac:StrategicProcurementStatistics': 'efbc:StatisticsCode efbc:StatisticsNumeric',
  'cac:PostAwardProcess': 'cbc:ElectronicOrderUsageIndicator cbc:ElectronicPaymentUsageIndicator',
  'efac:Publication': 'efbc:NoticePublicationID efbc:GazetteID efbc:PublicationDate',
  'efac:Asset': 'efbc:AssetDescription efbc:AssetSignificance efbc:AssetPredominance',
  'efac:ContractTerm': 'efbc:TermCode efbc:TermDescription efbc:TermPercent',
  'cac:JurisdictionRegionAddress': 'cbc:CityName cbc:PostalZone cac:Country',
  'cac:AdditionalDocumentReference': `
    cbc:ID cbc:IssueDate cbc:ReferencedDocumentInternalAddress cbc:DocumentDescription cac:Attachment`,
  'cac:FiscalLegislationDocumentReference': 'cbc:ID cac:Attachment cac:IssuerParty',
  'cac:EnvironmentalLegislationDocumentReference': 'cbc:ID cac:Attachment cac:IssuerParty',
  'cac:EmploymentLegislationDocumentReference': 'cbc:ID cac:Attachment cac:IssuerParty',
  'efac:Tenderer': 'cbc:ID efbc:GroupLeadIndicator',
}
