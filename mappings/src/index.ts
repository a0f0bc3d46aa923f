export type { Canonical, Detected, Examination, ExaminedRecord, FormatName } from './examination.ts'
export { type CpvVerdict, cpvCheckDigit, judgeCpv } from './identifiers/cpv.ts'
export { type SiretVerdict, isSiren, judgeSiret, passesLuhn } from './identifiers/siret.ts'
