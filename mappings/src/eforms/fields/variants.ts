/**
 * Fields that a part of a planned procedure (BT-137-Part) and a group of lots (BT-137-LotsGroup) share with a lot, by
 * their number without the suffix `-Lot`; in the middle of a name `~` stands for it.
 */
export const partFields = `
BT-115 BT-124 BT-125(i) BT-1251 BT-13(d) BT-13(t) BT-137 BT-14 BT-15 BT-21 BT-22 BT-23 BT-24 BT-262 BT-263 BT-27 BT-300
BT-36 BT-5071 BT-5101(a) BT-5101(b) BT-5101(c) BT-5121 BT-5131 BT-5141 BT-531 BT-536 BT-537 BT-538 BT-615 BT-632 BT-707
BT-708 BT-71 BT-726 BT-727 BT-728 BT-736 BT-737 BT-765 BT-766 OPT-110~-FiscalLegis OPT-111~-FiscalLegis
OPT-112~-EnvironLegis OPT-113~-EmployLegis OPT-120~-EnvironLegis OPT-130~-EmployLegis OPT-140 OPT-301~-AddInfo
OPT-301~-DocProvider OPT-301~-EmployLegis OPT-301~-EnvironLegis OPT-301~-FiscalLegis OPT-301~-Mediator
OPT-301~-ReviewInfo OPT-301~-ReviewOrg OPT-301~-TenderEval OPT-301~-TenderReceipt`

export const lotGroupFields = `
BT-137 BT-21 BT-22 BT-24 BT-27 BT-271 BT-300 BT-539 BT-540 BT-541~-FixedNumber BT-541~-ThresholdNumber
BT-541~-WeightNumber BT-5421 BT-5422 BT-5423 BT-543 BT-726 BT-733 BT-734`

/** The one field that only a group of lots has. */
export const lotGroupTable = `
BT-157-LotsGroup frameworkEstimatedMaximum money:framework-maximum cac:TenderingProcess/cac:FrameworkAgreement/cbc:EstimatedMaximumValueAmount`
