import { type Award, type Finding, isAccepted } from '@socle/schemas'
import { formOf } from './form.ts'
import { repair } from './repair.ts'
import { businessRules } from './rules/all.ts'
import { checkStructure } from './structure.ts'
import { type RecordView, isObject, mostFindings } from './view.ts'

export interface JudgedRecord {
  readonly findings: readonly Finding[]
  /** Undefined when a finding refuses the record. */
  readonly award: Award | undefined
}

/** Both layers, whatever the first one found: a person corrects everything in one go. Then the canonical form. */
export function judgeRecord(given: RecordView, version: NonNullable<Award['version']>): JudgedRecord {
  const repaired = repair(given)
  const view = repaired.record === given.record ? given : { ...given, record: repaired.record }
  const findings = [...repaired.findings, ...checkStructure(view)]
  for (const rule of businessRules) for (const one of rule(view)) findings.push(one)
  // A rule stops counting at that many: what it did not say might have refused the record.
  const isKept = findings.length < mostFindings && isAccepted(findings)
  const award =
    isKept && isObject(view.record) ? formOf(view.version, view.contract).read(view.record, version) : undefined
  return { findings, award }
}
