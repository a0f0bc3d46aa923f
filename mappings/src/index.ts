export type { Canonical, Detected, Examination, ExaminedRecord, FormatName } from './examination.ts'
export { type CpvVerdict, cpvCheckDigit, judgeCpv } from './identifiers/cpv.ts'
export { type SiretVerdict, isSiren, judgeSiret, passesLuhn } from './identifiers/siret.ts'
export { type DecpShape, decpShape } from './decp/shape.ts'
export { type DetectedJson, detectJson } from './detect.ts'
export { type ExamineOptions, examine } from './examine.ts'
export { type JsonReading, type ReadLimits, defaultLimits, readJson } from './json/read.ts'
export { explainDecp, explainDecpXml } from './decp/explain.ts'
export { writeDecpJson, writeDecpXml } from './decp/write.ts'
export type { FieldExplanation, FieldState, Loss, Unwritable, Written } from './translation.ts'
export { buildSdkPack, schemaFilesOf } from './packs/build.ts'
export type { Official } from './packs/judge.ts'
export { type Packs, openPacks } from './packs/open.ts'
export { type PackManifest, type PackSource, packLayout, readManifest } from './packs/source.ts'
export { lastDayOf, minorOf } from './packs/versions.ts'
export { type CatalogueProblem, checkCatalogue } from './catalogue/check.ts'
export { type ExampleOptions, type RuleExample, follow, readExample } from './catalogue/example.ts'
export { compareWithRequest } from './espd/compare.ts'
export { type Explanation, explain } from './explain.ts'
export { type Target, targets, translate } from './translate.ts'
export {
  type StreamExaminer,
  type StreamOptions,
  type StreamedRecord,
  createStreamExaminer,
  itemJudge,
} from './stream/examine-stream.ts'
export { type FaultItem, type RecordItem, type StreamItem, type StreamLimits, streamLimits } from './stream/items.ts'
export { type ContractKey, type Neighbours, createNeighbours } from './decp/neighbours.ts'
export { createSplitter, streamRecords } from './stream/records.ts'
