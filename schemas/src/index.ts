export { type Kind, isConfidential, kinds } from './kinds.ts'
export { type Finding, type Severity, isAccepted } from './finding.ts'
export type { Bilingual, Rule } from './rule.ts'
export { type FindingPlace, finding } from './rules.ts'
export {
  type PersonalClass,
  type PersonalField,
  personalFields,
  personalValuesOf,
  withoutPersonalData,
} from './personal-data.ts'
export { withoutPersonalValues } from './personal-findings.ts'
export { asyncApi } from './generated/asyncapi.ts'
export { type RuleId, rules } from './generated/rules.ts'
export { type SchemaName, schemas } from './generated/schemas.ts'
export type * from './generated/types.ts'
export * from './proof/index.ts'
