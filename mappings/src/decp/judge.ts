import { type Award, type Finding, isAccepted } from '@socle/schemas'
import type { Json } from './fields/codec.ts'
import { formOf } from './form.ts'
import { repair } from './repair.ts'
import { businessRules } from './rules/all.ts'
import { checkStructure } from './structure.ts'
import { type DecpContract, type RecordView, isObject, mostFindings } from './view.ts'

export interface JudgedRecord {
  readonly findings: readonly Finding[]
  /** The record as it was judged, repairs made; undefined when a finding refuses it. */
  readonly kept: Kept | undefined
}

export interface Kept {
  readonly contract: DecpContract
  readonly record: Json
  /** The canonical form. Made when it is asked for: judging a stream does not need it. */
  award(): Award
}

/** Both layers, whatever the first one found: a person corrects everything in one go. */
export function judgeRecord(given: RecordView, version: NonNullable<Award['version']>): JudgedRecord {
  const repaired = repair(given)
  const view = repaired.record === given.record ? given : { ...given, record: repaired.record }
  const findings = [...repaired.findings, ...checkStructure(view)]
  for (const rule of businessRules) {
    const found = rule(view)
    // Nearly every rule has nothing to say of nearly every record.
    if (found.length > 0) findings.push(...found)
  }
  const { contract, record } = view
  // A rule stops counting at that many: what it did not say might have refused the record.
  if (findings.length >= mostFindings || !isAccepted(findings) || !isObject(record))
    return { findings, kept: undefined }
  return { findings, kept: { contract, record, award: () => formOf(view.version, contract).read(record, version) } }
}
