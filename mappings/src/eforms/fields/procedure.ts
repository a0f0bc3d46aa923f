/** Fields of the procedure: type, legal bases, exclusion grounds, direct award, places. The columns are told in `table.ts`; facts from fields/fields.json of SDK 1.13 to 1.15. */
export const procedureTables: Readonly<Record<string, string>> = {
  procedure: `
BT-105-Procedure procedure.type code:procurement-procedure-type cac:TenderingProcess/cbc:ProcedureCode
BT-88-Procedure procedure.description words cac:TenderingProcess/cbc:Description
BT-106-Procedure procedure.accelerated flag:accelerated-procedure cac:TenderingProcess/cac:ProcessJustification[cbc:ProcessReasonCode/@listName='accelerated-procedure']/cbc:ProcessReasonCode
BT-1351-Procedure procedure.accelerationReason words cac:TenderingProcess/cac:ProcessJustification[cbc:ProcessReasonCode/@listName='accelerated-procedure']/cbc:ProcessReason
BT-634-Procedure procedure.relaunch indicator cac:TenderingProcess/EXT/efbc:ProcedureRelaunchIndicator
BT-756-Procedure procedure.dynamicSystemTerminated indicator cac:TenderingProcess/cbc:TerminatedIndicator
BT-763-Procedure procedure.lotsToTender code:tenderlot-presentation cac:TenderingProcess/cbc:PartPresentationCode
BT-31-Procedure procedure.maxLotsSubmitted integer cac:TenderingTerms/cac:LotDistribution/cbc:MaximumLotsSubmittedNumeric
BT-33-Procedure procedure.maxLotsAwarded integer cac:TenderingTerms/cac:LotDistribution/cbc:MaximumLotsAwardedNumeric
> ND-GroupComposition procedure.groups groupComposition cac:TenderingTerms/cac:LotDistribution/cac:LotsGroup*
> ND-LocalLegalBasisWithID procedure.legalBases legalBasis cac:TenderingTerms/cac:ProcurementLegislationDocumentReference[cbc:ID!='CrossBorderLaw'][cbc:ID!='LocalLegalBasis']*
BT-01(f)-Procedure procedure.otherLegalBases words cac:TenderingTerms/cac:ProcurementLegislationDocumentReference[cbc:ID='LocalLegalBasis']*/cbc:DocumentDescription
> ND-CrossBorderLaw procedure.crossBorderLaw crossBorderLaw cac:TenderingTerms/cac:ProcurementLegislationDocumentReference[cbc:ID='CrossBorderLaw']
> ND-ExclusionGrounds procedure.exclusionGrounds exclusionGround cac:TenderingTerms/cac:TendererQualificationRequest~ground/cac:SpecificTendererRequirement[cbc:TendererRequirementTypeCode/@listName='exclusion-ground']*
BT-806-Procedure procedure.exclusionGroundSources code:exclusion-grounds-source cac:TenderingTerms/cac:TendererQualificationRequest~source/cac:SpecificTendererRequirement[cbc:TendererRequirementTypeCode/@listName='exclusion-grounds-source']*/cbc:TendererRequirementTypeCode
> ND-DirectAward procedure.directAwards directAward cac:TenderingProcess/cac:ProcessJustification[cbc:ProcessReasonCode/@listName='direct-award-justification']*
OPP-090-Procedure procedure.previousNotices noticeRef cac:TenderingProcess/cac:NoticeDocumentReference*/cbc:ID
! BT-195(BT-105)-Procedure procedure/type pro-typ cac:TenderingProcess/EXT
! BT-195(BT-88)-Procedure procedure/description pro-fea cac:TenderingProcess/EXT
! BT-195(BT-106)-Procedure procedure/accelerated pro-acc cac:TenderingProcess/cac:ProcessJustification[cbc:ProcessReasonCode/@listName='accelerated-procedure']/EXT
! BT-195(BT-1351)-Procedure procedure/accelerationReason pro-acc-jus cac:TenderingProcess/cac:ProcessJustification[cbc:ProcessReasonCode/@listName='accelerated-procedure']/EXT
`,
  groupComposition: `
BT-330-Procedure group id:LotsGroup cbc:LotsGroupID
BT-1375-Procedure lots id:Lot cac:ProcurementProjectLotReference*/cbc:ID
`,
  legalBasis: `
BT-01(c)-Procedure id text cbc:ID
BT-01(c)-Procedure-Scheme scheme text cbc:ID/@schemeName
BT-01(d)-Procedure description words cbc:DocumentDescription
`,
  crossBorderLaw: `
BT-09(a)-Procedure - text cbc:ID
BT-09(b)-Procedure description words cbc:DocumentDescription
! BT-195(BT-09)-Procedure description cro-bor-law EXT
`,
  exclusionGround: `
BT-67(a)-Procedure code code:exclusion-ground cbc:TendererRequirementTypeCode
BT-67(b)-Procedure description words cbc:Description
`,
  directAward: `
BT-136-Procedure reason code:direct-award-justification cbc:ProcessReasonCode
BT-135-Procedure justification words cbc:ProcessReason
BT-1252-Procedure previousProcedure text cbc:Description
! BT-195(BT-136)-Procedure reason dir-awa-jus EXT
! BT-195(BT-135)-Procedure justification dir-awa-tex EXT
! BT-195(BT-1252)-Procedure previousProcedure dir-awa-pre EXT
`,
  place: `
BT-5071-Procedure nuts nuts cac:Address/cbc:CountrySubentityCode
BT-5121-Procedure postCode text cac:Address/cbc:PostalZone
BT-728-Procedure description words cbc:Description
BT-5101(a)-Procedure street text cac:Address/cbc:StreetName
BT-5101(b)-Procedure additionalStreet text cac:Address/cbc:AdditionalStreetName
BT-5101(c)-Procedure addressLine text cac:Address/cac:AddressLine/cbc:Line
BT-5131-Procedure city text cac:Address/cbc:CityName
BT-5141-Procedure country code:country cac:Address/cac:Country/cbc:IdentificationCode
BT-727-Procedure region text cac:Address/cbc:Region
`,
}
