/** Fields of the award: results, tenders, tendering parties, contracts, modifications. The columns are told in `table.ts`; facts from fields/fields.json of SDK 1.13 to 1.15. */
export const awardTables: Readonly<Record<string, string>> = {
  award: `
BT-161-NoticeResult total money:notice-total cbc:TotalAmount
BT-118-NoticeResult frameworkMaximum money:framework-maximum efbc:OverallMaximumFrameworkContractsAmount
BT-1118-NoticeResult frameworkApproximation money:framework-reestimate efbc:OverallApproximateFrameworkContractsAmount
> ND-NoticeResultGroupFA groupFrameworks groupFramework efac:GroupFramework*
> ND-LotResult results lotResult efac:LotResult*
> ND-LotTender tenders lotTender efac:LotTender*
> ND-TenderingParty parties tenderingParty efac:TenderingParty*
> ND-SettledContract contracts settledContract efac:SettledContract*
! BT-195(BT-161)-NoticeResult total not-val .
! BT-195(BT-118)-NoticeResult frameworkMaximum not-max-val .
! BT-195(BT-1118)-NoticeResult frameworkApproximation not-app-val .
`,
  groupFramework: `
BT-556-NoticeResult group id:LotsGroup efac:TenderLot/cbc:ID
BT-156-NoticeResult maximum money:framework-maximum efbc:GroupFrameworkMaximumValueAmount
BT-1561-NoticeResult reestimate money:framework-reestimate efbc:GroupFrameworkReestimatedValueAmount
! BT-195(BT-556)-NoticeResult group gro-max-ide .
! BT-195(BT-156)-NoticeResult maximum gro-max-val .
! BT-195(BT-1561)-NoticeResult reestimate gro-ree-val .
`,
  lotResult: `
OPT-322-LotResult id id:result cbc:ID
BT-13713-LotResult lot id:Lot efac:TenderLot/cbc:ID
BT-142-LotResult outcome code:winner-selection-status cbc:TenderResultCode
BT-144-LotResult notAwardedReason code:non-award-justification efac:DecisionReason/efbc:DecisionReasonCode
BT-119-LotResult dynamicSystemTerminated indicator efbc:DPSTerminationIndicator
> ND-ReceivedSubmissions submissions submissionStatistic efac:ReceivedSubmissionsStatistics*
BT-709-LotResult frameworkMaximum money:framework-maximum efac:FrameworkAgreementValues/cbc:MaximumValueAmount
BT-660-LotResult frameworkReestimate money:framework-reestimate efac:FrameworkAgreementValues/efbc:ReestimatedValueAmount
BT-710-LotResult lowestTender money:tender cbc:LowerTenderAmount
BT-711-LotResult highestTender money:tender cbc:HigherTenderAmount
OPT-320-LotResult tenders id:tender efac:LotTender*/cbc:ID
OPT-315-LotResult contracts id:contract efac:SettledContract*/cbc:ID
OPT-301-LotResult-Financing financing reference cac:FinancingParty*/cac:PartyIdentification/cbc:ID
OPT-301-LotResult-Paying paying reference cac:PayerParty*/cac:PartyIdentification/cbc:ID
BT-712(b)-LotResult reviewRequests integer efac:AppealRequestsStatistics[efbc:StatisticsCode/@listName='review-type']/efbc:StatisticsNumeric
BT-712(a)-LotResult reviewRequestsType code:review-type efac:AppealRequestsStatistics[efbc:StatisticsCode/@listName='review-type']/efbc:StatisticsCode
> ND-ReviewRequestsStatistics irregularities irregularityStatistic efac:AppealRequestsStatistics[efbc:StatisticsCode/@listName='irregularity-type']*
> ND-StrategicProcurementInformationLotResult cleanVehicles vehicleInformation efac:StrategicProcurement[efac:StrategicProcurementInformation/efbc:ProcurementCategoryCode/@listName='cvd-contract-type']/efac:StrategicProcurementInformation*
> ND-EEDProcurementDetailsLotResult energyEfficiency energyResult efac:StrategicProcurement[efac:StrategicProcurementInformation/efac:ProcurementDetails/efbc:AssetCategoryCode/@listName='energy-efficiency-item']/efac:StrategicProcurementInformation/efac:ProcurementDetails*
> ND-IPIAppliedMeasure internationalMeasures internationalMeasure efac:StrategicProcurement[efac:StrategicProcurementInformation/efac:AppliedMeasure/efbc:MeasureCode/@listName='international-procurement-instrument-measure']/efac:StrategicProcurementInformation/efac:AppliedMeasure*
! BT-195(BT-142)-LotResult outcome win-cho .
! BT-195(BT-144)-LotResult notAwardedReason no-awa-rea efac:DecisionReason
! BT-195(BT-709)-LotResult frameworkMaximum max-val efac:FrameworkAgreementValues
! BT-195(BT-660)-LotResult frameworkReestimate ree-val efac:FrameworkAgreementValues
! BT-195(BT-710)-LotResult lowestTender ten-val-low .
! BT-195(BT-711)-LotResult highestTender ten-val-hig .
! BT-195(BT-712)-LotResult reviewRequests rev-req efac:AppealRequestsStatistics[efbc:StatisticsCode/@listName='review-type']
`,
  submissionStatistic: `
BT-760-LotResult type code:received-submission-type efbc:StatisticsCode
BT-759-LotResult count integer efbc:StatisticsNumeric
! BT-195(BT-760)-LotResult type rec-sub-typ .
! BT-195(BT-759)-LotResult count rec-sub-cou .
`,
  irregularityStatistic: `
BT-636-LotResult type code:irregularity-type efbc:StatisticsCode
BT-635-LotResult count integer efbc:StatisticsNumeric
! BT-195(BT-636)-LotResult type buy-rev-typ .
! BT-195(BT-635)-LotResult count buy-rev-cou .
`,
  lotTender: `
OPT-321-Tender id id:tender cbc:ID
BT-3201-Tender reference text efac:TenderReference/cbc:ID
BT-13714-Tender lot reference efac:TenderLot/cbc:ID
BT-720-Tender value money:awarded cac:LegalMonetaryTotal/cbc:PayableAmount
BT-171-Tender rank integer cbc:RankCode
BT-1711-Tender ranked indicator efbc:TenderRankedIndicator
BT-193-Tender variant indicator efbc:TenderVariantIndicator
BT-191-Tender originCountries code:country efac:Origin*/efbc:AreaCode
BT-682-Tender foreignSubsidies code:foreign-subsidy-measure-conclusion efbc:ForeignSubsidiesMeasuresCode
OPT-310-Tender party id:tendering-party efac:TenderingParty/cbc:ID
BT-773-Tender subcontracting.applies code:applicability efac:SubcontractingTerm[efbc:TermCode/@listName='applicability']/efbc:TermCode
BT-730-Tender subcontracting.valueKnown indicator efac:SubcontractingTerm[efbc:TermCode/@listName='applicability']/efbc:ValueKnownIndicator
BT-553-Tender subcontracting.value money:subcontract efac:SubcontractingTerm[efbc:TermCode/@listName='applicability']/efbc:TermAmount
BT-731-Tender subcontracting.percentageKnown indicator efac:SubcontractingTerm[efbc:TermCode/@listName='applicability']/efbc:PercentageKnownIndicator
BT-555-Tender subcontracting.percentage decimal efac:SubcontractingTerm[efbc:TermCode/@listName='applicability']/efbc:TermPercent
BT-554-Tender subcontracting.description words efac:SubcontractingTerm[efbc:TermCode/@listName='applicability']/efbc:TermDescription
BT-162-Tender concession.revenueFromUsers money:concession-value efac:ConcessionRevenue/efbc:RevenueUserAmount
BT-160-Tender concession.revenueFromBuyer money:concession-value efac:ConcessionRevenue/efbc:RevenueBuyerAmount
BT-163-Tender concession.description words efac:ConcessionRevenue/efbc:ValueDescription
BT-779-Tender paid.amount amount efac:AggregatedAmounts/cbc:PaidAmount
BT-780-Tender paid.description words efac:AggregatedAmounts/efbc:PaidAmountDescription
BT-782-Tender paid.penalties amount efac:AggregatedAmounts/efbc:PenaltiesAmount
OPP-080-Tender transportDistance integer efbc:PublicTransportationCumulatedDistance
OPP-080-Tender-Unit transportDistanceUnit text efbc:PublicTransportationCumulatedDistance/@unitCode
> ND-OtherContractExecutionConditions contractConditions contractCondition efac:ContractTerm[efbc:TermCode/@listName='contract-detail'][efbc:TermCode!='all-rev-tic']*
OPP-035-Tender revenueAllocation.code code:contract-detail efac:ContractTerm[efbc:TermCode='all-rev-tic']/efbc:TermCode
OPP-032-Tender revenueAllocation.percentage decimal efac:ContractTerm[efbc:TermCode='all-rev-tic']/efbc:TermPercent
OPP-033-Tender rewards.code code:rewards-penalties efac:ContractTerm[efbc:TermCode/@listName='rewards-penalties']/efbc:TermCode
OPP-034-Tender rewards.description words efac:ContractTerm[efbc:TermCode/@listName='rewards-penalties']/efbc:TermDescription
! BT-195(BT-720)-Tender value win-ten-val .
! BT-195(BT-171)-Tender rank ten-ran .
! BT-195(BT-193)-Tender variant win-ten-var .
! BT-195(BT-191)-Tender originCountries cou-ori efac:Origin*
! BT-195(BT-773)-Tender subcontracting/applies sub-con efac:SubcontractingTerm[efbc:TermCode/@listName='applicability']
! BT-195(BT-730)-Tender subcontracting/valueKnown sub-val-kno efac:SubcontractingTerm[efbc:TermCode/@listName='applicability']
! BT-195(BT-553)-Tender subcontracting/value sub-val efac:SubcontractingTerm[efbc:TermCode/@listName='applicability']
! BT-195(BT-731)-Tender subcontracting/percentageKnown sub-per-kno efac:SubcontractingTerm[efbc:TermCode/@listName='applicability']
! BT-195(BT-555)-Tender subcontracting/percentage sub-per efac:SubcontractingTerm[efbc:TermCode/@listName='applicability']
! BT-195(BT-554)-Tender subcontracting/description sub-des efac:SubcontractingTerm[efbc:TermCode/@listName='applicability']
! BT-195(BT-162)-Tender concession/revenueFromUsers con-rev-use efac:ConcessionRevenue
! BT-195(BT-160)-Tender concession/revenueFromBuyer con-rev-buy efac:ConcessionRevenue
! BT-195(BT-163)-Tender concession/description val-con-des efac:ConcessionRevenue
`,
  contractCondition: `
OPP-030-Tender code code:contract-detail efbc:TermCode
OPP-031-Tender description words efbc:TermDescription
`,
  tenderingParty: `
OPT-210-Tenderer id id:tendering-party cbc:ID
OPT-211-Tenderer name text cbc:Name
> ND-Tenderer tenderers tenderer efac:Tenderer*
> ND-SubContractor subcontractors subcontractor efac:SubContractor*
`,
  tenderer: `
OPT-300-Tenderer organisation reference cbc:ID
OPT-170-Tenderer leader indicator efbc:GroupLeadIndicator
`,
  subcontractor: `
OPT-301-Tenderer-SubCont organisation reference cbc:ID
OPT-301-Tenderer-MainCont mainContractors reference efac:MainContractor*/cbc:ID
`,
  settledContract: `
OPT-316-Contract id id:contract cbc:ID
BT-150-Contract reference text efac:ContractReference/cbc:ID
BT-721-Contract title words cbc:Title
BT-1451-Contract decidedOn awardDay cbc:AwardDate
BT-145-Contract concludedOn awardDay cbc:IssueDate
BT-768-Contract underFramework indicator efbc:ContractFrameworkIndicator
OPT-100-Contract frameworkNotice noticeRef cac:NoticeDocumentReference/cbc:ID
BT-151-Contract url url cbc:URI
BT-3202-Contract tenders id:tender efac:LotTender*/cbc:ID
OPT-300-Contract-Signatory signatories reference cac:SignatoryParty*/cac:PartyIdentification/cbc:ID
> ND-ContractEUFunds fundings contractFunding efac:Funding*
OPP-020-Contract extendedDuration indicator efac:DurationJustification/efbc:ExtendedDurationIndicator
> ND-Asset assets asset efac:DurationJustification/efac:AssetsList/efac:Asset*
`,
  contractFunding: `
BT-722-Contract programme code:eu-programme cbc:FundingProgramCode
BT-5011-Contract id text efbc:FinancingIdentifier
BT-6110-Contract description words cbc:Description
`,
  asset: `
OPP-021-Contract description words efbc:AssetDescription
OPP-022-Contract significance text efbc:AssetSignificance
OPP-023-Contract predominance text efbc:AssetPredominance
`,
  modification: `
BT-1501(c)-Contract contract id:contract efbc:ModifiedContractIdentifier
BT-1501(n)-Contract changedNotice noticeRef efbc:ChangedNoticeIdentifier
BT-200-Contract reason code:modification-justification efac:ChangeReason/cbc:ReasonCode
BT-201-Contract reasonDescription words efac:ChangeReason/efbc:ReasonDescription
BT-202-Contract description words efac:Change/efbc:ChangeDescription
BT-1501(p)-Contract sections reference efac:Change/efac:ChangedSection*/efbc:ChangedSectionIdentifier
`,
}
