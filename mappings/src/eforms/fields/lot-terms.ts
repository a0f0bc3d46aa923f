/** Fields of the terms of a lot: criteria, conditions, guarantees, parties to ask. The columns are told in `table.ts`; facts from fields/fields.json of SDK 1.13 to 1.15. */
export const lotTermsTables: Readonly<Record<string, string>> = {
  lotTerms: `
BT-60-Lot euFunds code:eu-funded cac:TenderingTerms/cbc:FundingProgramCode[@listName='eu-funded']
> ND-Funding fundings funding cac:TenderingTerms/EXT/efac:Funding*
BT-71-Lot reservedParticipation code:reserved-procurement cac:TenderingTerms/cac:TendererQualificationRequest~reserved/cac:SpecificTendererRequirement[cbc:TendererRequirementTypeCode/@listName='reserved-procurement']*/cbc:TendererRequirementTypeCode
BT-736-Lot reservedExecution code:reserved-execution cac:TenderingTerms/cac:ContractExecutionRequirement[cbc:ExecutionRequirementCode/@listName='reserved-execution']/cbc:ExecutionRequirementCode
OPT-070-Lot reservedExecutionDescription words cac:TenderingTerms/cac:ContractExecutionRequirement[cbc:ExecutionRequirementCode/@listName='reserved-execution']/cbc:Description
BT-98-Lot tenderValidity measure cac:TenderingTerms/cac:TenderValidityPeriod/cbc:DurationMeasure
> ND-LotAwardCriterion awardCriteria awardCriterion cac:TenderingTerms/cac:AwardingTerms/cac:AwardingCriterion/cac:SubordinateAwardingCriterion*
BT-543-Lot awardCriteriaFormula words cac:TenderingTerms/cac:AwardingTerms/cac:AwardingCriterion/cbc:CalculationExpression
BT-733-Lot awardCriteriaOrder words cac:TenderingTerms/cac:AwardingTerms/cac:AwardingCriterion/cbc:Description
> ND-Prize prizes prize cac:TenderingTerms/cac:AwardingTerms/cac:Prize*
BT-46-Lot juryMembers text cac:TenderingTerms/cac:AwardingTerms/cac:TechnicalCommitteePerson*/cbc:FamilyName
BT-42-Lot juryDecisionBinding indicator cac:TenderingTerms/cac:AwardingTerms/cbc:BindingOnBuyerIndicator
BT-41-Lot followUpContract indicator cac:TenderingTerms/cac:AwardingTerms/cbc:FollowupContractIndicator
BT-47-Lot preselectedParticipants text cac:TenderingTerms/cac:EconomicOperatorShortList/cac:PreSelectedParty*/cac:PartyName/cbc:Name
BT-120-Lot noNegotiation indicator cac:TenderingTerms/cac:AwardingTerms/cbc:NoFurtherNegotiationIndicator
> ND-SelectionCriteria selectionCriteria selectionCriterion cac:TenderingTerms/EXT/efac:SelectionCriteria*
BT-821-Lot selectionCriteriaSources code:selection-criteria-source cac:TenderingTerms/cac:TendererQualificationRequest~criteria/cac:SpecificTendererRequirement[cbc:TendererRequirementTypeCode/@listName='selection-criteria-source']*/cbc:TendererRequirementTypeCode
BT-771-Lot lateInformation code:missing-info-submission cac:TenderingTerms/cac:TendererQualificationRequest~late/cac:SpecificTendererRequirement[cbc:TendererRequirementTypeCode/@listName='missing-info-submission']/cbc:TendererRequirementTypeCode
BT-772-Lot lateInformationDescription words cac:TenderingTerms/cac:TendererQualificationRequest~late/cac:SpecificTendererRequirement[cbc:TendererRequirementTypeCode/@listName='missing-info-submission']/cbc:Description
BT-761-Lot legalForm code:required cac:TenderingTerms/cac:TendererQualificationRequest~form/cbc:CompanyLegalFormCode
BT-76-Lot legalFormDescription words cac:TenderingTerms/cac:TendererQualificationRequest~form/cbc:CompanyLegalForm
BT-70-Lot executionConditionsDescription words cac:TenderingTerms/cac:ContractExecutionRequirement[cbc:ExecutionRequirementCode/@listName='conditions']/cbc:Description
OPT-060-Lot executionConditions code:conditions cac:TenderingTerms/cac:ContractExecutionRequirement[cbc:ExecutionRequirementCode/@listName='conditions']/cbc:ExecutionRequirementCode
> ND-QualityTarget qualityTargets qualityTarget cac:TenderingTerms/cac:ContractExecutionRequirement[cbc:ExecutionRequirementCode/@listName='customer-service']*
BT-743-Lot electronicInvoicing code:einvoicing cac:TenderingTerms/cac:ContractExecutionRequirement[cbc:ExecutionRequirementCode/@listName='einvoicing']/cbc:ExecutionRequirementCode
BT-92-Lot electronicOrdering indicator cac:TenderingTerms/cac:PostAwardProcess/cbc:ElectronicOrderUsageIndicator
BT-93-Lot electronicPayment indicator cac:TenderingTerms/cac:PostAwardProcess/cbc:ElectronicPaymentUsageIndicator
BT-801-Lot nonDisclosure code:nda cac:TenderingTerms/cac:ContractExecutionRequirement[cbc:ExecutionRequirementCode/@listName='nda']/cbc:ExecutionRequirementCode
BT-802-Lot nonDisclosureDescription words cac:TenderingTerms/cac:ContractExecutionRequirement[cbc:ExecutionRequirementCode/@listName='nda']/cbc:Description
BT-681-Lot foreignSubsidies code:fsr cac:TenderingTerms/cac:ContractExecutionRequirement[cbc:ExecutionRequirementCode/@listName='fsr']/cbc:ExecutionRequirementCode
BT-751-Lot guarantee code:tender-guarantee-required cac:TenderingTerms/cac:RequiredFinancialGuarantee/cbc:GuaranteeTypeCode[@listName='tender-guarantee-required']
BT-75-Lot guaranteeDescription words cac:TenderingTerms/cac:RequiredFinancialGuarantee/cbc:Description
BT-77-Lot paymentTerms words cac:TenderingTerms/cac:PaymentTerms/cbc:Note
BT-578-Lot securityClearance code:required cac:TenderingTerms/cac:SecurityClearanceTerm/cbc:Code
BT-732-Lot securityClearanceDescription words cac:TenderingTerms/cac:SecurityClearanceTerm/cbc:Description
BT-78-Lot securityClearanceOn day cac:TenderingTerms/cbc:LatestSecurityClearanceDate
BT-79-Lot staffQualification code:requirement-stage cac:TenderingTerms/cbc:RequiredCurriculaCode
BT-94-Lot recurring indicator cac:TenderingTerms/cbc:RecurringProcurementIndicator
BT-95-Lot recurringDescription words cac:TenderingTerms/cbc:RecurringProcurementDescription
BT-651-Lot subcontractingIndications code:subcontracting-indication cac:TenderingTerms/EXT/efac:TenderSubcontractingRequirements*/efbc:TenderSubcontractingRequirementsCode
> ND-SubcontractingObligation subcontractingObligations subcontractingObligation cac:TenderingTerms/cac:AllowedSubcontractTerms[cbc:SubcontractingConditionsCode/@listName='subcontracting-obligation']*
> ND-StrategicProcurementLot cleanVehicles cleanVehicles cac:TenderingTerms/EXT/efac:StrategicProcurement[efbc:ApplicableLegalBasis/@listName='cvd-scope']
> ND-EEDLot energyEfficiency energyEfficiency cac:TenderingTerms/EXT/efac:StrategicProcurement[efbc:ApplicableLegalBasis/@listName='eed-scope']
BT-684-Lot internationalInstrument code:ipi-scope cac:TenderingTerms/EXT/efac:StrategicProcurement[efbc:ApplicableLegalBasis/@listName='ipi-scope']/efbc:ApplicableLegalBasis
OPT-301-Lot-ReviewOrg reviewBodies soleReference cac:TenderingTerms/cac:AppealTerms/cac:AppealReceiverParty/cac:PartyIdentification/cbc:ID
OPT-301-Lot-ReviewInfo reviewInformation reference cac:TenderingTerms/cac:AppealTerms/cac:AppealInformationParty/cac:PartyIdentification/cbc:ID
OPT-301-Lot-Mediator mediator reference cac:TenderingTerms/cac:AppealTerms/cac:MediationParty/cac:PartyIdentification/cbc:ID
BT-99-Lot reviewDeadline words cac:TenderingTerms/cac:AppealTerms/cac:PresentationPeriod/cbc:Description
OPT-301-Lot-AddInfo informationProvider reference cac:TenderingTerms/cac:AdditionalInformationParty/cac:PartyIdentification/cbc:ID
OPT-301-Lot-DocProvider documentProvider reference cac:TenderingTerms/cac:DocumentProviderParty/cac:PartyIdentification/cbc:ID
OPT-301-Lot-TenderEval tenderEvaluator reference cac:TenderingTerms/cac:TenderEvaluationParty/cac:PartyIdentification/cbc:ID
> ND-LotFiscalLegislation taxLegislation taxLegislation cac:TenderingTerms/cac:FiscalLegislationDocumentReference
> ND-LotEnvironmentalLegislation environmentLegislation environmentLegislation cac:TenderingTerms/cac:EnvironmentalLegislationDocumentReference
> ND-LotEmploymentLegislation employmentLegislation employmentLegislation cac:TenderingTerms/cac:EmploymentLegislationDocumentReference
! BT-195(BT-543)-Lot awardCriteriaFormula awa-cri-com cac:TenderingTerms/cac:AwardingTerms/cac:AwardingCriterion/EXT
! BT-195(BT-733)-Lot awardCriteriaOrder awa-cri-ord cac:TenderingTerms/cac:AwardingTerms/cac:AwardingCriterion/EXT
`,
  funding: `
BT-7220-Lot programme code:eu-programme cbc:FundingProgramCode
BT-5010-Lot id text efbc:FinancingIdentifier
BT-6140-Lot description words cbc:Description
`,
  awardCriterion: `
BT-539-Lot type code:award-criterion-type cbc:AwardingCriterionTypeCode[@listName='award-criterion-type']
BT-734-Lot name words cbc:Name
BT-540-Lot description words cbc:Description
BT-541-Lot-WeightNumber weight decimal EXT/efac:AwardCriterionParameter[efbc:ParameterCode/@listName='number-weight']/efbc:ParameterNumeric
BT-5421-Lot weightUnit code:number-weight EXT/efac:AwardCriterionParameter[efbc:ParameterCode/@listName='number-weight']/efbc:ParameterCode
BT-541-Lot-FixedNumber fixedValue decimal EXT/efac:AwardCriterionParameter[efbc:ParameterCode/@listName='number-fixed']/efbc:ParameterNumeric
BT-5422-Lot fixedUnit code:number-fixed EXT/efac:AwardCriterionParameter[efbc:ParameterCode/@listName='number-fixed']/efbc:ParameterCode
> ND-LotAwardThresholdCriterionParameter thresholds criterionThreshold EXT/efac:AwardCriterionParameter[efbc:ParameterCode/@listName='number-threshold']*
! BT-195(BT-539)-Lot type awa-cri-typ EXT
! BT-195(BT-734)-Lot name awa-cri-nam EXT
! BT-195(BT-540)-Lot description awa-cri-des EXT
! BT-195(BT-541)-Lot-Weight weight awa-cri-num EXT/efac:AwardCriterionParameter[efbc:ParameterCode/@listName='number-weight']
! BT-195(BT-5421)-Lot weightUnit awa-cri-wei EXT/efac:AwardCriterionParameter[efbc:ParameterCode/@listName='number-weight']
! BT-195(BT-541)-Lot-Fixed fixedValue awa-cri-num EXT/efac:AwardCriterionParameter[efbc:ParameterCode/@listName='number-fixed']
! BT-195(BT-5422)-Lot fixedUnit awa-cri-fix EXT/efac:AwardCriterionParameter[efbc:ParameterCode/@listName='number-fixed']
`,
  criterionThreshold: `
BT-541-Lot-ThresholdNumber value decimal efbc:ParameterNumeric
BT-5423-Lot unit code:number-threshold efbc:ParameterCode
! BT-195(BT-541)-Lot-Threshold value awa-cri-num .
! BT-195(BT-5423)-Lot unit awa-cri-thr .
`,
  prize: `
BT-44-Lot rank integer cbc:RankCode
BT-644-Lot value amount cbc:ValueAmount
BT-45-Lot description words cbc:Description
`,
  selectionCriterion: `
BT-809-Lot type code:selection-criterion cbc:TendererRequirementTypeCode
BT-750-Lot description words cbc:Description
BT-40-Lot secondStage indicator efbc:SecondStageIndicator
BT-752-Lot-WeightNumber weight decimal efac:CriterionParameter[efbc:ParameterCode/@listName='number-weight']/efbc:ParameterNumeric
BT-7531-Lot weightUnit code:number-weight efac:CriterionParameter[efbc:ParameterCode/@listName='number-weight']/efbc:ParameterCode
> ND-SecondStageThresholdCriterionParameter thresholds selectionThreshold efac:CriterionParameter[efbc:ParameterCode/@listName='number-threshold']*
`,
  selectionThreshold: `
BT-752-Lot-ThresholdNumber value decimal efbc:ParameterNumeric
BT-7532-Lot unit code:number-threshold efbc:ParameterCode
`,
  qualityTarget: `
OPT-071-Lot code code:customer-service cbc:ExecutionRequirementCode
OPT-072-Lot description words cbc:Description
`,
  subcontractingObligation: `
BT-65-Lot code code:subcontracting-obligation cbc:SubcontractingConditionsCode
BT-64-Lot minimum decimal cbc:MinimumPercent
BT-729-Lot maximum decimal cbc:MaximumPercent
`,
  cleanVehicles: `
BT-717-Lot scope code:cvd-scope efbc:ApplicableLegalBasis
BT-735-Lot categories code:cvd-contract-type efac:StrategicProcurementInformation*/efbc:ProcurementCategoryCode
`,
  energyEfficiency: `
BT-810-Lot scope code:eed-scope efbc:ApplicableLegalBasis
> ND-EEDProcurementDetailsLot details energyDetail efac:StrategicProcurementInformation/efac:ProcurementDetails*
`,
  energyDetail: `
BT-811(a)-Lot legalFramework code:energy-efficiency-basis efbc:LegalFrameworkCode
BT-811(b)-Lot item code:energy-efficiency-item efbc:AssetCategoryCode
`,
  taxLegislation: `
OPT-111-Lot-FiscalLegis id text cbc:ID
OPT-110-Lot-FiscalLegis url url cac:Attachment/cac:ExternalReference/cbc:URI
OPT-301-Lot-FiscalLegis provider reference cac:IssuerParty/cac:PartyIdentification/cbc:ID
`,
  environmentLegislation: `
OPT-112-Lot-EnvironLegis id text cbc:ID
OPT-120-Lot-EnvironLegis url url cac:Attachment/cac:ExternalReference/cbc:URI
OPT-301-Lot-EnvironLegis provider reference cac:IssuerParty/cac:PartyIdentification/cbc:ID
`,
  employmentLegislation: `
OPT-113-Lot-EmployLegis id text cbc:ID
OPT-130-Lot-EmployLegis url url cac:Attachment/cac:ExternalReference/cbc:URI
OPT-301-Lot-EmployLegis provider reference cac:IssuerParty/cac:PartyIdentification/cbc:ID
`,
}
