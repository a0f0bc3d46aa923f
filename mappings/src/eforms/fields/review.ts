/** Fields of appeals. The columns are told in `table.ts`; facts from fields/fields.json of SDK 1.13 to 1.15. */
export const reviewTables: Readonly<Record<string, string>> = {
  review: `
BT-804-Review id id:review cbc:ID
BT-783-Review stage code:review-information-type efbc:AppealStageCode
BT-784-Review reference text efbc:AppealID
BT-785-Review previousReference text efbc:PreviousAppealID
BT-786-Review items reference efac:AppealedItem*/cbc:ID
BT-787-Review on day cbc:Date
BT-788-Review title words cbc:Title
BT-789-Review description words cbc:Description
BT-790-Review decisions code:review-decision-type efac:AppealDecision*/efbc:DecisionTypeCode
BT-791-Review irregularities code:irregularity-type efac:AppealIrregularity*/efbc:IrregularityTypeCode
BT-792-Review remedies code:remedy-type efac:AppealRemedy*/efbc:RemedyTypeCode
BT-793-Review remedyValue amount efbc:AppealRemedyValue
BT-794-Review url url cbc:URI
BT-795-Review fee amount cbc:FeeAmount
BT-796-Review withdrawn indicator efbc:WithdrawnAppealIndicator
BT-797-Review withdrawnOn day efbc:WithdrawnAppealDate
BT-798-Review withdrawalReasons words efbc:WithdrawnAppealReasons
BT-799-ReviewBody bodyType code:review-body-type efac:AppealProcessingParty/efbc:AppealProcessingPartyTypeCode
BT-807-Review body reference efac:AppealProcessingParty/cac:Party/cac:PartyIdentification/cbc:ID
BT-808-Review appellants reference efac:AppealingParty*/cac:Party/cac:PartyIdentification/cbc:ID
`,
}
