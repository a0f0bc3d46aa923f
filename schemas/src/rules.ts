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

/** A place can be as long as the names in the document: its beginning is kept. */
const longestPlace = 400

/**
 * Builds a finding from the catalogue: the message of the rule in both languages, with `{value}`, `{expected}` and the
 * named parameters filled in. Values and parameters are cut at 200 characters and places at 400, so that a finding never
 * carries a document.
 */
export function finding(rule: RuleId, at: FindingPlace, params: Readonly<Record<string, string>> = {}): Finding {
  const { id, severity, message, source } = rules[rule]
  const { value: found, ...place } = at
  const value = found === undefined ? undefined : cut(found, longestValue)
  const words: Record<string, string | undefined> = {
    value: value ?? '',
    expected: cut(at.expected ?? '', longestPlace),
  }
  for (const [name, word] of Object.entries(params)) words[name] = cut(word, longestValue)
  return {
    rule: id,
    severity,
    ...place,
    ...(at.pointer === undefined ? {} : { pointer: cut(at.pointer, longestPlace) }),
    ...(at.expected === undefined ? {} : { expected: cut(at.expected, longestPlace) }),
    ...(at.xpath === undefined ? {} : { xpath: cut(at.xpath, longestPlace) }),
    ...(value === undefined ? {} : { value }),
    message: { fr: fill(message.fr, words), en: fill(message.en, words) },
    source,
  }
}

function fill(text: string, words: Readonly<Record<string, string | undefined>>): string {
  return text.replaceAll(/\{(\w+)\}/g, (asItStands, name: string) => words[name] ?? asItStands)
}

// Cutting between the two halves of a pair would leave text that no UTF-8 encoder accepts.
function cut(text: string, longest: number): string {
  if (text.length <= longest) return text
  const lastUnit = text.charCodeAt(longest - 1)
  const splitsPair = lastUnit >= 0xd800 && lastUnit <= 0xdbff
  return text.slice(0, splitsPair ? longest - 1 : longest)
}
