import type { Finding, Severity } from './finding.ts'
import { type RuleId, rules } from './generated/rules.ts'

/** Where a finding was made and on what. `severity` replaces that of the catalogue where the case asks for it. */
export interface FindingPlace {
  readonly record?: number
  readonly pointer?: string
  readonly xpath?: string
  readonly value?: string
  readonly expected?: string
  readonly severity?: Severity
}

const longestValue = 200

/**
 * Builds a finding from the catalogue: the message of the rule in both languages, with `{value}`, `{expected}` and the
 * named parameters filled in. A value longer than 200 characters is cut, so that a finding never carries a document.
 */
export function finding(rule: RuleId, at: FindingPlace, params: Readonly<Record<string, string>> = {}): Finding {
  const { id, severity, message, source } = rules[rule]
  const { value: found, ...place } = at
  const value = found === undefined ? undefined : cut(found)
  const words: Record<string, string | undefined> = { ...params, value: value ?? '', expected: at.expected ?? '' }
  return {
    rule: id,
    severity,
    ...place,
    ...(value === undefined ? {} : { value }),
    message: { fr: fill(message.fr, words), en: fill(message.en, words) },
    source,
  }
}

function fill(text: string, words: Readonly<Record<string, string | undefined>>): string {
  return text.replaceAll(/\{(\w+)\}/g, (asItStands, name: string) => words[name] ?? asItStands)
}

// Cutting between the two halves of a pair would leave text that no UTF-8 encoder accepts.
function cut(value: string): string {
  if (value.length <= longestValue) return value
  const lastUnit = value.charCodeAt(longestValue - 1)
  const splitsPair = lastUnit >= 0xd800 && lastUnit <= 0xdbff
  return value.slice(0, splitsPair ? longestValue - 1 : longestValue)
}
