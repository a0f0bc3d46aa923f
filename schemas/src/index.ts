export { type Kind, isConfidential, kinds } from './kinds.ts'
export { type Finding, type Severity, isAccepted } from './finding.ts'
