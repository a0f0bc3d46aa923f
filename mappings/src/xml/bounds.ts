import { type Finding, finding } from '@socle/schemas'

/** Above it a file has one fault repeated, and rules that run once a lot or an answer stop. */
export const mostFindings = 1000

/** Refusals first, then warnings, cut and refused above the limit: what was not judged is not let in. */
export function bounded(findings: readonly Finding[]): readonly Finding[] {
  if (findings.length <= mostFindings) return findings
  const ranked = (['reject', 'warn', 'info'] as const).flatMap((level) =>
    findings.filter(({ severity }) => severity === level),
  )
  const more = finding('FORMAT-MORE-FINDINGS', { expected: String(mostFindings) })
  return [...ranked.slice(0, mostFindings), more]
}
