// oxlint-disable-next-line no-restricted-imports -- tests read the example documents; the code under test reads nothing
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DumeRequest, DumeResponse, DumeResponseGroup } from '@socle/schemas'
import { describe, expect, test } from 'vitest'
import type { Examination } from '../examination.ts'
import { examineXml } from '../xml/examine.ts'

const examples = join(import.meta.dirname, '../../../schemas/examples')
const read = (name: string): string => readFileSync(join(examples, `documents/espd-${name}.xml`), 'utf8')
const v4 = read('response-4.1.0')
const v2 = read('response-2.1.1')

type Edit = readonly [from: string | RegExp, to: string]

function edited(text: string, ...edits: readonly Edit[]): Examination {
  let result = text
  for (const [from, to] of edits) {
    const next = result.replace(from, to)
    if (next === result) throw new Error(`nothing to edit: ${String(from)}`)
    result = next
  }
  return examineXml(Buffer.from(result), { packs: 'none' })
}

function rulesOf({ findings }: Examination): string[] {
  return findings.map(({ rule }) => rule).filter((rule) => rule !== 'FORMAT-OWN-RULES-ONLY')
}

function canonicalOf({ records }: Examination): DumeResponse {
  return records[0]?.canonical as DumeResponse
}

/** Every answer by its key: what two versions of one declaration must have in common. */
function answersOf({ criteria }: DumeResponse): Record<string, unknown> {
  const inGroup = ({ items, groups }: DumeResponseGroup): [string, unknown][] => [
    ...items.flatMap(({ key, answers = [] }) => answers.map(({ value }): [string, unknown] => [key, value])),
    ...groups.flatMap(inGroup),
  ]
  return Object.fromEntries(criteria.flatMap(({ groups }) => groups.flatMap(inGroup)))
}

test.each([
  ['response-4.1.0', 'dume-response/valid-espd-4.1.0'],
  ['response-2.1.1', 'dume-response/valid-espd-2.1.1'],
  ['request-4.1.0', 'dume-request/valid-espd-4.1.0'],
])('the example %s becomes its canonical form', (name, canonical) => {
  const expected: unknown = JSON.parse(readFileSync(join(examples, `${canonical}.json`), 'utf8'))
  const examination = examineXml(Buffer.from(read(name)), { packs: 'none' })
  expect(examination.records[0]?.canonical).toEqual(expected)
  expect(examination.kind).toBe((expected as { kind: string }).kind)
})

test('the same declaration in versions 2 and 4 gives the same answers under the same keys', () => {
  const [second, fourth] = [v2, v4].map((text) => canonicalOf(examineXml(Buffer.from(text), { packs: 'none' })))
  const { 'suncont-port/RG1/QSG1/Q1': percentage, ...answers } = second ? answersOf(second) : {}
  expect(percentage).toEqual({ percentage: '0.25' })
  expect(Object.keys(answers).length).toBeGreaterThan(7)
  expect(fourth && answersOf(fourth)).toMatchObject({ ...answers, 'suncont-port/RG1/QSG1/Q1': percentage })
  const identities = second?.criteria.map(({ uuid, code, family }) => [uuid, code, family])
  expect(fourth?.criteria.map(({ uuid, code, family }) => [uuid, code, family])).toEqual(
    expect.arrayContaining(identities ?? []),
  )
  expect([second?.operator.role, second?.operator.size]).toEqual([fourth?.operator.role, fourth?.operator.size])
})

test('in version 4 the keys are the ids of the document without their prefix', () => {
  const keys = (groups: readonly DumeResponseGroup[]): [string, string][] =>
    groups.flatMap((group) => [
      [group.key, group.sourceId?.replace(/^[^/]*\//, '') ?? ''] as [string, string],
      ...keys(group.groups),
    ])
  for (const { groups } of canonicalOf(examineXml(Buffer.from(v4), { packs: 'none' })).criteria)
    for (const [key, id] of keys(groups)) expect(key).toBe(id)
})

test('what a law says, what a requirement bounds and how far a criterion is answered are read', () => {
  const { criteria, completeness } = canonicalOf(examineXml(Buffer.from(v4), { packs: 'none' }))
  const taxes = criteria.find(({ code }) => code === 'tax-pay')
  expect(taxes?.legislation?.[0]).toMatchObject({ article: 'Article L2141-2', language: 'FRA' })
  expect(taxes?.completeness).toEqual({ answered: 3, required: 3 })
  const turnover = criteria.find(({ code }) => code === 'gen-year-to')?.groups[0]?.items[1]
  expect(turnover?.minimum).toEqual({ amount: { amount: '4000000.00', currency: 'EUR' } })
  expect(completeness).toEqual({ answered: 16, required: 16 })
})

test('a question whose condition holds counts as soon as it holds', () => {
  const yes = edited(v2, [/<cbc:ResponseIndicator>false/, '<cbc:ResponseIndicator>true'])
  expect(rulesOf(yes)).toEqual(['ESPD-CONDITION-UNANSWERED', 'ESPD-CONDITION-UNANSWERED'])
  expect(yes.verdict).toBe('refused')
})

describe('versions', () => {
  test.each([
    ['ESPD-EDMv5.0.0', 'FORMAT-VERSION'],
    ['ESPD-EDMv4.2.0', 'FORMAT-VERSION'],
    ['ESPD-EDMv1.0.2', 'ESPD-VERSION-1'],
  ])('%s is named and refused', (version, rule) => {
    const examination = edited(v4, ['>ESPD-EDMv4.1.0<', `>${version}<`])
    expect(rulesOf(examination)).toContain(rule)
    expect(examination.version).toBe(version.slice(9))
    expect(examination.verdict).toBe('refused')
  })

  test('a request of version 1 is refused with a sentence of its own', () => {
    const text = '<ESPDRequest xmlns="urn:grow:names:specification:ubl:schema:xsd:ESPDRequest-1"/>'
    const { kind, findings } = examineXml(Buffer.from(text), { packs: 'none' })
    expect(kind).toBe('dume-request')
    expect(findings.map(({ rule }) => rule)).toContain('ESPD-VERSION-1')
  })
})

describe('tolerance', () => {
  test('version 4 allows several answers to one question, for repeated groups', () => {
    const twice: Edit = [/(<cac:TenderingCriterionResponse>[^]*?<\/cac:TenderingCriterionResponse>)/, '$1$1']
    const examination = edited(v4, twice)
    expect(rulesOf(examination)).toEqual([])
    expect(canonicalOf(examination).criteria[0]?.groups[0]?.items[0]?.answers).toHaveLength(2)
  })

  test('answers of both kinds leave the questions below them free', () => {
    const both: Edit = [
      /(<cac:TenderingCriterionResponse>[^]*?)(false)([^]*?<\/cac:TenderingCriterionResponse>)/,
      '$1$2$3$1true$3',
    ]
    expect(rulesOf(edited(v4, both))).toEqual(['ESPD-CONDITION-UNANSWERED', 'ESPD-CONDITION-UNANSWERED'])
  })

  test('empty names are kept without a word', () => {
    expect(rulesOf(edited(v4, ['<cbc:Name>Participation à une organisation criminelle<', '<cbc:Name><']))).toEqual([])
  })

  test('a foreign candidate owes no SIRET', () => {
    const examination = edited(v4, [
      'schemeName="SIRET" schemeAgencyID="INSEE">90000012600012',
      'schemeAgencyID="VIES">DE153301871',
    ])
    expect(rulesOf(examination)).toEqual([])
    expect(canonicalOf(examination).operator.ids).toEqual([{ value: 'DE153301871', agency: 'VIES' }])
  })

  test.each([
    ['90000012700012', 'HUB-SIREN-LUHN'],
    ['900000126', 'HUB-SIRET-FORM'],
    ['900 000 126 00012', 'HUB-SIRET-SPACES'],
  ])('the SIRET %s is told and the declaration accepted', (siret, rule) => {
    const examination = edited(v4, ['>90000012600012<', `>${siret}<`])
    expect(rulesOf(examination)).toEqual([rule])
    expect(examination.verdict).toBe('accepted')
  })
})

test('a day that is none is refused', () => {
  expect(rulesOf(edited(v4, ['2026-04-10+02:00', '10/04/2026']))).toContain('HUB-DATE')
})

test('the request of the example asks what its response answers', () => {
  const request = examineXml(Buffer.from(read('request-4.1.0')), { packs: 'none' }).records[0]?.canonical as DumeRequest
  const keysOf = (criteria: DumeRequest['criteria']): string[] =>
    criteria.flatMap(({ groups }) => groups.flatMap(({ items }) => items.map(({ key }) => key)))
  expect(keysOf(request.criteria)).toEqual(keysOf(canonicalOf(examineXml(Buffer.from(v4), { packs: 'none' })).criteria))
})
