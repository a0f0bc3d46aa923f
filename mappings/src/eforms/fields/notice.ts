/** Fields of the notice itself: its form, ids, dates, change and publication. The columns are told in `table.ts`; facts from fields/fields.json of SDK 1.13 to 1.15. */
export const noticeTables: Readonly<Record<string, string>> = {
  notice: `
OPT-002-notice form.version key cbc:CustomizationID
OPP-070-notice form.subtype code:notice-subtype EXT/efac:NoticeSubType/cbc:SubTypeCode
BT-02-notice form.noticeType key cbc:NoticeTypeCode
BT-03-notice form.formType key cbc:NoticeTypeCode/@listName
BT-01-notice form.legalBasis key cbc:RegulatoryDomain
OPT-001-notice - text cbc:UBLVersionID
OPT-999-notice dummyAwardDate dummyDay cac:TenderResult/cbc:AwardDate
BT-701-notice id id:notice-id cbc:ID
BT-757-notice version key cbc:VersionID
BT-04-notice procedureId key cbc:ContractFolderID
BT-05(a)-notice dispatchedAt instantDay cbc:IssueDate
BT-05(b)-notice dispatchedAt instantTime cbc:IssueTime
BT-803(d)-notice transmittedOn day EXT/efbc:TransmissionDate
BT-803(t)-notice transmittedTime time EXT/efbc:TransmissionTime
BT-738-notice requestedPublicationOn day cbc:RequestedPublicationDate
BT-127-notice plannedNoticeOn day cbc:PlannedDate
BT-702(a)-notice language key cbc:NoticeLanguageCode
BT-702(b)-notice otherLanguages key cac:AdditionalNoticeLanguage*/cbc:ID
> ND-Publication publication publication EXT/efac:Publication
> ND-Changes change change EXT/efac:Changes
> ND-Organization organisations organisation EXT/efac:Organizations/efac:Organization*
> ND-UBO beneficialOwners beneficialOwner EXT/efac:Organizations/efac:UltimateBeneficialOwner*
> ND-ContractingParty buyers buyer cac:ContractingParty*
BT-21-Procedure title words cac:ProcurementProject/cbc:Name
BT-24-Procedure description words cac:ProcurementProject/cbc:Description
BT-300-Procedure additionalInformation words cac:ProcurementProject/cbc:Note
BT-22-Procedure internalReference id:InternalID cac:ProcurementProject/cbc:ID
BT-23-Procedure nature code:contract-nature cac:ProcurementProject/cbc:ProcurementTypeCode
BT-531-Procedure additionalNatures code:contract-nature cac:ProcurementProject/cac:ProcurementAdditionalType[cbc:ProcurementTypeCode/@listName='contract-nature']*/cbc:ProcurementTypeCode
OPP-040-Procedure transportServices code:transport-service cac:ProcurementProject/cac:ProcurementAdditionalType[cbc:ProcurementTypeCode/@listName='transport-service']*/cbc:ProcurementTypeCode
BT-262-Procedure cpv cpv cac:ProcurementProject/cac:MainCommodityClassification/cbc:ItemClassificationCode
BT-263-Procedure additionalCpv cpv cac:ProcurementProject/cac:AdditionalCommodityClassification*/cbc:ItemClassificationCode
BT-27-Procedure estimate money:estimate cac:ProcurementProject/cac:RequestedTenderTotal/cbc:EstimatedOverallContractAmount
BT-271-Procedure frameworkMaximum money:framework-maximum cac:ProcurementProject/cac:RequestedTenderTotal/EXT/efbc:FrameworkMaximumAmount
> ND-ProcedurePlacePerformanceAdditionalInformation places place cac:ProcurementProject/cac:RealizedLocation*
> ND-Lot lots lot cac:ProcurementProjectLot[#Lot]*
> ND-LotsGroup lotGroups lotGroup cac:ProcurementProjectLot[#LotsGroup]*
> ND-Part parts part cac:ProcurementProjectLot[#Part]*
> ND-NoticeResult award award EXT/efac:NoticeResult
> ND-ContractModification modifications modification EXT/efac:ContractModification*
> ND-ReviewStatus reviews review EXT/efac:Appeals/efac:AppealInformation*
`,
  publication: `
OPP-010-notice number noticeRef efbc:NoticePublicationID
OPP-011-notice gazette id:ojs-id efbc:GazetteID
OPP-012-notice on day efbc:PublicationDate
`,
  change: `
BT-758-notice changedNotice bareNoticeRef efbc:ChangedNoticeIdentifier
BT-140-notice reason code:change-corrig-justification efac:ChangeReason/cbc:ReasonCode
BT-762-notice reasonDescription words efac:ChangeReason/efbc:ReasonDescription
> ND-Change changes changeItem efac:Change*
`,
  changeItem: `
BT-141(a)-notice description words efbc:ChangeDescription
BT-13716-notice sections reference efac:ChangedSection*/efbc:ChangedSectionIdentifier
BT-718-notice documentsChanged indicator efbc:ProcurementDocumentsChangeIndicator
BT-719-notice documentsChangedOn day efbc:ProcurementDocumentsChangeDate
`,
}
