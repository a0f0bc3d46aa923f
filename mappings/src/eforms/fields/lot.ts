/** Fields of a lot: what is bought, when, where and by which technique. The columns are told in `table.ts`; facts from fields/fields.json of SDK 1.13 to 1.15. */
export const lotTables: Readonly<Record<string, string>> = {
  lot: `
BT-137-Lot id id:Lot cbc:ID
BT-21-Lot title words cac:ProcurementProject/cbc:Name
BT-24-Lot description words cac:ProcurementProject/cbc:Description
BT-300-Lot additionalInformation words cac:ProcurementProject/cbc:Note
BT-22-Lot internalReference id:InternalID cac:ProcurementProject/cbc:ID
BT-23-Lot nature code:contract-nature cac:ProcurementProject/cbc:ProcurementTypeCode[@listName='contract-nature']
BT-531-Lot additionalNatures code:contract-nature cac:ProcurementProject/cac:ProcurementAdditionalType[cbc:ProcurementTypeCode/@listName='contract-nature']*/cbc:ProcurementTypeCode
BT-262-Lot cpv cpv cac:ProcurementProject/cac:MainCommodityClassification/cbc:ItemClassificationCode
BT-263-Lot additionalCpv cpv cac:ProcurementProject/cac:AdditionalCommodityClassification*/cbc:ItemClassificationCode
BT-27-Lot estimate money:estimate cac:ProcurementProject/cac:RequestedTenderTotal/cbc:EstimatedOverallContractAmount
BT-271-Lot frameworkMaximum money:framework-maximum cac:ProcurementProject/cac:RequestedTenderTotal/EXT/efbc:FrameworkMaximumAmount
BT-25-Lot quantity decimal cac:ProcurementProject/cbc:EstimatedOverallContractQuantity
BT-625-Lot quantityUnit text cac:ProcurementProject/cbc:EstimatedOverallContractQuantity/@unitCode
BT-36-Lot duration measure cac:ProcurementProject/cac:PlannedPeriod/cbc:DurationMeasure
BT-538-Lot durationOther code:timeperiod cac:ProcurementProject/cac:PlannedPeriod/cbc:DescriptionCode
BT-781-Lot durationDescription words cac:ProcurementProject/cac:PlannedPeriod/cbc:Description
BT-536-Lot startOn day cac:ProcurementProject/cac:PlannedPeriod/cbc:StartDate
BT-537-Lot endOn day cac:ProcurementProject/cac:PlannedPeriod/cbc:EndDate
BT-58-Lot maxRenewals integer cac:ProcurementProject/cac:ContractExtension/cbc:MaximumNumberNumeric
BT-57-Lot renewals words cac:ProcurementProject/cac:ContractExtension/cac:Renewal/cac:Period/cbc:Description
BT-54-Lot options words cac:ProcurementProject/cac:ContractExtension/cbc:OptionsDescription
BT-726-Lot suitableForSmes indicator cac:ProcurementProject/cbc:SMESuitableIndicator
BT-774-Lot environmentalAims code:environmental-impact cac:ProcurementProject/cac:ProcurementAdditionalType[cbc:ProcurementTypeCode/@listName='environmental-impact']*/cbc:ProcurementTypeCode
BT-775-Lot socialAims code:social-objective cac:ProcurementProject/cac:ProcurementAdditionalType[cbc:ProcurementTypeCode/@listName='social-objective']*/cbc:ProcurementTypeCode
BT-776-Lot innovationAims code:innovative-acquisition cac:ProcurementProject/cac:ProcurementAdditionalType[cbc:ProcurementTypeCode/@listName='innovative-acquisition']*/cbc:ProcurementTypeCode
BT-805-Lot greenCriteria code:gpp-criteria cac:ProcurementProject/cac:ProcurementAdditionalType[cbc:ProcurementTypeCode/@listName='gpp-criteria']*/cbc:ProcurementTypeCode
> ND-StrategicProcurementType strategicAims strategicAim cac:ProcurementProject/cac:ProcurementAdditionalType[cbc:ProcurementTypeCode/@listName='strategic-procurement']*
BT-754-Lot accessibility code:accessibility cac:ProcurementProject/cac:ProcurementAdditionalType[cbc:ProcurementTypeCode/@listName='accessibility']/cbc:ProcurementTypeCode
BT-755-Lot accessibilityJustification words cac:ProcurementProject/cac:ProcurementAdditionalType[cbc:ProcurementTypeCode/@listName='accessibility']/cbc:ProcurementType
> ND-LotPlacePerformance places lotPlace cac:ProcurementProject/cac:RealizedLocation*
BT-765-Lot framework code:framework-agreement cac:TenderingProcess/cac:ContractingSystem[cbc:ContractingSystemTypeCode/@listName='framework-agreement']/cbc:ContractingSystemTypeCode
BT-113-Lot frameworkMaxParticipants integer cac:TenderingProcess/cac:FrameworkAgreement/cbc:MaximumOperatorQuantity
BT-109-Lot frameworkDurationJustification words cac:TenderingProcess/cac:FrameworkAgreement/cbc:Justification
BT-111-Lot frameworkBuyerCategories words cac:TenderingProcess/cac:FrameworkAgreement/cac:SubsequentProcessTenderRequirement[cbc:Name='buyer-categories']/cbc:Description
BT-766-Lot dynamicPurchasingSystem code:dps-usage cac:TenderingProcess/cac:ContractingSystem[cbc:ContractingSystemTypeCode/@listName='dps-usage']/cbc:ContractingSystemTypeCode
BT-767-Lot electronicAuction indicator cac:TenderingProcess/cac:AuctionTerms/cbc:AuctionConstraintIndicator
BT-122-Lot electronicAuctionDescription words cac:TenderingProcess/cac:AuctionTerms/cbc:Description
BT-123-Lot electronicAuctionUrl url cac:TenderingProcess/cac:AuctionTerms/cbc:AuctionURI
BT-115-Lot gpaCoverage indicator cac:TenderingProcess/cbc:GovernmentAgreementConstraintIndicator
BT-634-Lot relaunch indicator cac:TenderingProcess/EXT/efbc:ProcedureRelaunchIndicator
BT-52-Lot candidateReduction indicator cac:TenderingProcess/cbc:CandidateReductionConstraintIndicator
BT-50-Lot minCandidates integer cac:TenderingProcess/cac:EconomicOperatorShortList/cbc:MinimumQuantity
BT-51-Lot maxCandidates integer cac:TenderingProcess/cac:EconomicOperatorShortList/cbc:MaximumQuantity
BT-661-Lot maxCandidatesLimited indicator cac:TenderingProcess/cac:EconomicOperatorShortList/cbc:LimitationDescription
> ND-LotPreviousPlanning previousPlanning previousPlanning cac:TenderingProcess/cac:NoticeDocumentReference*
> ND-LotProcurementDocument documents documents cac:TenderingTerms/cac:CallForTendersDocumentReference*
BT-17-Lot submission.electronic code:esubmission cac:TenderingProcess/cbc:SubmissionMethodCode[@listName='esubmission']
BT-19-Lot submission.notElectronicReason code:no-esubmission-justification cac:TenderingProcess/cac:ProcessJustification/cbc:ProcessReasonCode[@listName='no-esubmission-justification']
BT-745-Lot submission.notElectronicDescription words cac:TenderingProcess/cac:ProcessJustification/cbc:Description
BT-18-Lot submission.url url cac:TenderingTerms/cac:TenderRecipientParty/cbc:EndpointID
BT-97-Lot submission.languages key cac:TenderingTerms/cac:Language*/cbc:ID
BT-744-Lot submission.signatureRequired flag:esignature-submission cac:TenderingTerms/cac:ContractExecutionRequirement[cbc:ExecutionRequirementCode/@listName='esignature-submission']/cbc:ExecutionRequirementCode
BT-764-Lot submission.catalogue code:ecatalog-submission cac:TenderingTerms/cac:ContractExecutionRequirement[cbc:ExecutionRequirementCode/@listName='ecatalog-submission']/cbc:ExecutionRequirementCode
BT-769-Lot submission.multipleTenders code:permission cac:TenderingTerms/cbc:MultipleTendersCode
BT-124-Lot submission.toolUrl url cac:TenderingProcess/cbc:AccessToolsURI
BT-632-Lot submission.toolName text cac:TenderingProcess/EXT/efbc:AccessToolName
OPT-301-Lot-TenderReceipt submission.recipient reference cac:TenderingTerms/cac:TenderRecipientParty/cac:PartyIdentification/cbc:ID
BT-63-Lot variants code:permission cac:TenderingTerms/cbc:VariantConstraintCode
BT-131(d)-Lot deadlines.tenders momentDay cac:TenderingProcess/cac:TenderSubmissionDeadlinePeriod/cbc:EndDate
BT-131(t)-Lot deadlines.tenders momentTime cac:TenderingProcess/cac:TenderSubmissionDeadlinePeriod/cbc:EndTime
BT-1311(d)-Lot deadlines.requests momentDay cac:TenderingProcess/cac:ParticipationRequestReceptionPeriod/cbc:EndDate
BT-1311(t)-Lot deadlines.requests momentTime cac:TenderingProcess/cac:ParticipationRequestReceptionPeriod/cbc:EndTime
BT-13(d)-Lot deadlines.questions momentDay cac:TenderingProcess/cac:AdditionalInformationRequestPeriod/cbc:EndDate
BT-13(t)-Lot deadlines.questions momentTime cac:TenderingProcess/cac:AdditionalInformationRequestPeriod/cbc:EndTime
BT-132(d)-Lot deadlines.opening momentDay cac:TenderingProcess/cac:OpenTenderEvent/cbc:OccurrenceDate
BT-132(t)-Lot deadlines.opening momentTime cac:TenderingProcess/cac:OpenTenderEvent/cbc:OccurrenceTime
BT-630(d)-Lot deadlines.interest momentDay cac:TenderingProcess/EXT/efac:InterestExpressionReceptionPeriod/cbc:EndDate
BT-630(t)-Lot deadlines.interest momentTime cac:TenderingProcess/EXT/efac:InterestExpressionReceptionPeriod/cbc:EndTime
BT-800(d)-Lot deadlines.answers momentDay cac:TenderingProcess/EXT/efac:AnswerReceptionPeriod/cbc:EndDate
BT-800(t)-Lot deadlines.answers momentTime cac:TenderingProcess/EXT/efac:AnswerReceptionPeriod/cbc:EndTime
BT-130-Lot deadlines.invitationToTenderOn day cac:TenderingProcess/cac:InvitationSubmissionPeriod/cbc:StartDate
BT-631-Lot deadlines.invitationToInterestOn day cac:TenderingProcess/cac:ParticipationInvitationPeriod/cbc:StartDate
BT-133-Lot openingPlace words cac:TenderingProcess/cac:OpenTenderEvent/cac:OccurenceLocation/cbc:Description
BT-134-Lot openingDescription words cac:TenderingProcess/cac:OpenTenderEvent/cbc:Description
`,
  strategicAim: `
BT-06-Lot code code:strategic-procurement cbc:ProcurementTypeCode
BT-777-Lot description words cbc:ProcurementType
`,
  lotPlace: `
BT-5071-Lot nuts nuts cac:Address/cbc:CountrySubentityCode
BT-5121-Lot postCode text cac:Address/cbc:PostalZone
BT-728-Lot description words cbc:Description
BT-5101(a)-Lot street text cac:Address/cbc:StreetName
BT-5101(b)-Lot additionalStreet text cac:Address/cbc:AdditionalStreetName
BT-5101(c)-Lot addressLine text cac:Address/cac:AddressLine/cbc:Line
BT-5131-Lot city text cac:Address/cbc:CityName
BT-5141-Lot country code:country cac:Address/cac:Country/cbc:IdentificationCode
BT-727-Lot region text cac:Address/cbc:Region
`,
  previousPlanning: `
BT-125(i)-Lot notice noticeRef cbc:ID
BT-1251-Lot part text cbc:ReferencedDocumentInternalAddress
`,
  documents: `
OPT-140-Lot id text cbc:ID
BT-14-Lot access key cbc:DocumentType
BT-615-Lot restrictedUrl url cac:Attachment[../cbc:DocumentType='restricted-document']/cac:ExternalReference/cbc:URI
BT-15-Lot url url cac:Attachment/cac:ExternalReference/cbc:URI
BT-707-Lot restrictionReason text cbc:DocumentTypeCode
BT-708-Lot languages text EXT/efac:OfficialLanguages/cac:Language*/cbc:ID
BT-737-Lot unofficialLanguages text EXT/efac:NonOfficialLanguages/cac:Language*/cbc:ID
`,
}
