/** Fields of what a result says of clean vehicles, energy and international measures. The columns are told in `table.ts`; facts from fields/fields.json of SDK 1.13 to 1.15. */
export const awardStrategicTables: Readonly<Record<string, string>> = {
  vehicleInformation: `
BT-735-LotResult category code:cvd-contract-type efbc:ProcurementCategoryCode
> ND-ProcurementDetailsLotResult details vehicleDetail efac:ProcurementDetails*
`,
  vehicleDetail: `
BT-723-LotResult asset code:vehicle-category efbc:AssetCategoryCode
> ND-ProcurementStatistics counts vehicleCount efac:StrategicProcurementStatistics*
`,
  vehicleCount: `
OPT-155-LotResult type code:vehicles efbc:StatisticsCode
OPT-156-LotResult count integer efbc:StatisticsNumeric
`,
  energyResult: `
BT-811(a)-LotResult legalFramework code:energy-efficiency-basis efbc:LegalFrameworkCode
BT-811(b)-LotResult item code:energy-efficiency-item efbc:AssetCategoryCode
BT-812-LotResult label code:energy-efficiency-label efac:AssetLabel/efbc:LabelCode
BT-813-LotResult consumption decimal efac:AssetMetric[efbc:AssetMetricCode='nrg-con-yr']/efbc:AssetMetricNumeric
OPT-080-LotResult consumptionMetric code:metric-type efac:AssetMetric[efbc:AssetMetricCode='nrg-con-yr']/efbc:AssetMetricCode
BT-814-LotResult savings decimal efac:AssetMetric[efbc:AssetMetricCode='nrg-sav-yr']/efbc:AssetMetricNumeric
OPT-081-LotResult savingsMetric code:metric-type efac:AssetMetric[efbc:AssetMetricCode='nrg-sav-yr']/efbc:AssetMetricCode
BT-815-LotResult quantity decimal efac:StrategicProcurementStatistics/efbc:StatisticsNumeric
`,
  internationalMeasure: `
BT-685-LotResult code code:international-procurement-instrument-measure efbc:MeasureCode
BT-686-LotResult count integer efac:MeasureStatistics/efbc:StatisticsNumeric
BT-687-LotResult exception code:international-procurement-instrument-application efac:MeasureException/efbc:ExceptionCode
BT-688-LotResult exceptionDescription words efac:MeasureException/efbc:ExceptionDescription
`,
}
