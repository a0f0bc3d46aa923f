import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { type RuleSet, compileSchematron, openRuleSet, passGate, readXml } from '@socle/mappings'
import { describe, expect, test } from 'vitest'
import { prepare } from './prepare.ts'

/**
 * Rules that 1.15 introduced. The reports that come with 1.15.1 are those of 1.14.2, byte for byte, so that these rules
 * fail for the examples and are not in their reports. Nothing else may differ.
 */
const since115: readonly string[] = [
  'BR-BT-00137-0215',
  'BR-BT-00630-0152',
  'BR-BT-01311-0158',
  'BR-BT-13713-0123',
  'BR-OPT-00322-0053',
  'BT-3202-Contract-Scheme_MA',
  'OPT-200-Organization-Company-Scheme_MA',
  'OPT-210-Tenderer-Scheme_MA',
  'OPT-300-Procedure-Buyer-Scheme_MA',
  'OPT-300-Tenderer-Scheme_MA',
  'OPT-301-Lot-ReviewOrg-Scheme_MA',
  'OPT-301-Lot-TenderReceipt-Scheme_MA',
  'OPT-310-Tender-Scheme_MA',
  'OPT-315-LotResult-Scheme_MA',
  'OPT-316-Contract-Scheme_MA',
  'OPT-321-Tender-Scheme_MA',
]

const prepared = await prepare()
const shared = join(import.meta.dirname, '../../../../shared/data/eforms')

interface Report {
  readonly name: string
  readonly ours: readonly string[]
  readonly theirs: readonly string[]
}

const compiled = new Map<string, RuleSet>()

function compile(version: string): RuleSet {
  const known = compiled.get(version)
  if (known !== undefined) return known
  if (!prepared.ready) throw new Error(prepared.reason)
  const folder = join(prepared.sdk(version), 'schematrons/static')
  const ruleSet = compileSchematron((path) => readFileSync(join(folder, path), 'utf8'), 'complete-validation.sch')
  compiled.set(version, ruleSet)
  return ruleSet
}

function idsOf({ patterns }: RuleSet): ReadonlySet<unknown> {
  return new Set(
    patterns.flatMap(({ rules }) => rules.flatMap(([, , asserts]) => asserts.filter((_, i) => i % 3 === 0))),
  )
}

/** Each report of a folder beside what we find in its notice. */
function readReports(folder: string, ruleSet: RuleSet): readonly Report[] {
  const engine = openRuleSet(ruleSet)
  return readdirSync(join(folder, 'reports')).map((name) => {
    const report = readFileSync(join(folder, 'reports', name), 'utf8')
    const gated = passGate(readFileSync(join(folder, 'notices', name.replace('.svrl', '.xml'))))
    if ('findings' in gated) throw new Error(`${name}: ${gated.findings[0]?.message.en}`)
    const phase = /\bphase="([^"]+)"/.exec(report)?.[1] ?? ''
    // No example fails because of the day on which it is read.
    const failures = engine.run(phase, readXml(gated.text, gated.elements), { now: new Date('2026-06-15T10:00:00Z') })
    const theirs = [...report.matchAll(/<svrl:failed-assert[^>]*?\bid="([^"]+)"/g)].map(([, id = '']) => id)
    return { name, theirs: theirs.toSorted(), ours: (failures ?? []).map(({ id }) => id).toSorted() }
  })
}

function withoutNew(ids: readonly string[]): readonly string[] {
  return ids.filter((id) => !since115.includes(id))
}

describe.skipIf(!prepared.ready && process.env['CI'] !== 'true')('the official reports', () => {
  test('of 1.13.3 name the asserts that fail for us', () => {
    const sdk = prepared.ready ? prepared.sdk('1.13.3') : ''
    const reports = readReports(join(sdk, 'examples'), compile('1.13.3'))
    expect(reports.length).toBe(92)
    expect(reports.some(({ theirs }) => theirs.length > 50)).toBe(true)
    for (const { name, ours, theirs } of reports) expect(ours, name).toEqual(theirs)
  })

  test('of 1.15.1 name them too, but for the rules that 1.15 introduced', () => {
    const sdk = prepared.ready ? prepared.sdk('1.15.1') : ''
    const reports = readReports(join(sdk, 'examples'), compile('1.15.1'))
    expect(reports.length).toBe(92)
    for (const { name, ours, theirs } of reports) {
      expect(withoutNew(ours), name).toEqual(theirs)
    }
  })

  test('the rules said to be new are in 1.15.1, not in 1.13.3, and each of them explains a difference', () => {
    const [before, after] = [idsOf(compile('1.13.3')), idsOf(compile('1.15.1'))]
    expect(since115.filter((id) => before.has(id) || !after.has(id))).toEqual([])
    const sdk = prepared.ready ? prepared.sdk('1.15.1') : ''
    const reports = readReports(join(sdk, 'examples'), compile('1.15.1'))
    const found = new Set(reports.flatMap(({ ours }) => ours))
    expect(since115.filter((id) => !found.has(id))).toEqual([])
  })

  test('of the shared samples name them too: 11 of them differ, by new rules only', (context) => {
    if (!existsSync(join(shared, 'reports'))) {
      console.warn('SKIPPED: the shared samples are not here')
      context.skip()
    }
    const reports = readReports(shared, compile('1.15.1'))
    for (const { name, ours, theirs } of reports) expect(withoutNew(ours), name).toEqual(theirs)
    expect(reports.filter(({ ours, theirs }) => ours.length !== theirs.length).length).toBe(11)
  })
})
