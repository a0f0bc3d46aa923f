// oxlint-disable-next-line no-restricted-imports -- tests read the example documents; the code under test reads nothing
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { type RuleId, rules } from '@socle/schemas'
import { describe, expect, test } from 'vitest'
import { type ExamineOptions, examine } from './examine.ts'

const folder = join(import.meta.dirname, '../../schemas/examples/rules')
const now = new Date('2026-06-01T12:00:00Z')

/** Rules that need more than a document: what the sender says, or a limit low enough for an example. */
const optionsFor: Partial<Record<RuleId, ExamineOptions>> = {
  'FORMAT-KIND': { now },
  'FORMAT-TOO-LARGE': { now, maxBytes: 8000 },
}

/** Only a fault in our own code can cause it, so no document shows it. */
const withoutExample: readonly RuleId[] = ['FORMAT-INTERNAL']

/** Families whose rules are shown here; those of a deposit need a caller as well and are shown with the hub. */
const families = /^(JSON|FORMAT|DECP|HUB)-/

function examplesOf(rule: string, prefix: string): [string, Uint8Array][] {
  const inside = join(folder, rule)
  if (!existsSync(inside)) return []
  return readdirSync(inside)
    .filter((name) => name.startsWith(prefix))
    .map((name) => [name, readFileSync(join(inside, name))])
}

function rulesFound(rule: RuleId, bytes: Uint8Array, isPass: boolean): string[] {
  const expect = rule === 'FORMAT-KIND' ? ({ expect: isPass ? 'award' : 'notice' } as const) : {}
  return examine(bytes, { ...(optionsFor[rule] ?? { now }), ...expect }).findings.map((finding) => finding.rule)
}

const shown = (Object.keys(rules) as RuleId[]).filter((rule) => families.test(rule) && !withoutExample.includes(rule))

describe.each(shown)('%s', (rule) => {
  test('the catalogue entry has at least one passing and one failing example', () => {
    expect(examplesOf(rule, 'pass-')).not.toEqual([])
    expect(examplesOf(rule, 'fail-')).not.toEqual([])
  })

  test.each(examplesOf(rule, 'fail-'))('%s is told', (_, bytes) => {
    expect(rulesFound(rule, bytes, false)).toContain(rule)
  })

  test.each(examplesOf(rule, 'pass-'))('%s is left alone', (_, bytes) => {
    expect(rulesFound(rule, bytes, true)).not.toContain(rule)
  })
})

/** Files that cannot have one fault alone: two versions in one file, or faults by the thousand. */
const mixed = /^(fail-beside-.*|fail-fifty-.*|pass-one-empty-record)\.json$/

test.each(shown)('an example of %s shows no other reason for a refusal', (rule) => {
  for (const [name, bytes] of [...examplesOf(rule, 'fail-'), ...examplesOf(rule, 'pass-')]) {
    if (mixed.test(name)) continue
    const others = examine(bytes, { now }).findings.filter(
      (found) => found.severity === 'reject' && found.rule !== rule,
    )
    expect(others, name).toEqual([])
  }
})

test('every folder of examples is named after a rule of the catalogue', () => {
  for (const name of readdirSync(folder)) expect(Object.keys(rules)).toContain(name)
})
