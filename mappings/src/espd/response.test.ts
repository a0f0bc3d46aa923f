// oxlint-disable-next-line no-restricted-imports -- tests read the example documents; the code under test reads nothing
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type DumeResponse, type DumeResponseGroup, rules } from '@socle/schemas'
import { describe, expect, test } from 'vitest'
import type { Examination } from '../examination.ts'
import { examineXml } from '../xml/examine.ts'

const examples = join(import.meta.dirname, '../../../schemas/examples')
const v4 = readFileSync(join(examples, 'documents/espd-response-4.1.0.xml'), 'utf8')
const v2 = readFileSync(join(examples, 'documents/espd-response-2.1.1.xml'), 'utf8')

type Edit = readonly [from: string | RegExp, to: string]

function edited(text: string, ...edits: readonly Edit[]): Examination {
  let result = text
  for (const [from, to] of edits) {
    const next = result.replace(from, to)
    if (next === result) throw new Error(`nothing to edit: ${String(from)}`)
    result = next
  }
  return examineXml(Buffer.from(result))
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
  ['4.1.0', v4],
  ['2.1.1', v2],
])('the example response of version %s becomes its canonical form', (version, text) => {
  const expected: unknown = JSON.parse(readFileSync(join(examples, `dume-response/valid-espd-${version}.json`), 'utf8'))
  expect(canonicalOf(examineXml(Buffer.from(text)))).toEqual(expected)
})

test('the same declaration in versions 2 and 4 gives the same answers under the same keys', () => {
  const [second, fourth] = [v2, v4].map((text) => canonicalOf(examineXml(Buffer.from(text))))
  const { 'suncont-port/RG1/QSG1/Q1': percentage, ...answers } = second ? answersOf(second) : {}
  expect(percentage).toEqual({ percentage: '0.25' })
  expect(Object.keys(answers).length).toBeGreaterThan(7)
  expect(fourth && answersOf(fourth)).toEqual({ ...answers, 'suncont-port/RG1/QSG1/Q1': percentage })
  expect(fourth?.criteria.map(({ uuid, code, family }) => [uuid, code, family])).toEqual(
    second?.criteria.map(({ uuid, code, family }) => [uuid, code, family]),
  )
  expect([second?.operator.role, second?.operator.size]).toEqual([fourth?.operator.role, fourth?.operator.size])
})

test('in version 4 the keys are the ids of the document without their prefix', () => {
  const keys = (groups: readonly DumeResponseGroup[]): [string, string][] =>
    groups.flatMap((group) => [
      [group.key, group.sourceId?.replace(/^[^/]*\//, '') ?? ''] as [string, string],
      ...keys(group.groups),
    ])
  for (const { groups } of canonicalOf(examineXml(Buffer.from(v4))).criteria) {
    for (const [key, id] of keys(groups)) expect(key).toBe(id)
  }
})

const answer = '/cac:TenderingCriterionResponse'
const indicator = '<cbc:ResponseIndicator>false</cbc:ResponseIndicator>'

interface Breach {
  readonly rule: string
  readonly text: string
  readonly edit: Edit
  readonly at: string
  readonly severity?: 'warn' | 'info'
}

const breaches: readonly Breach[] = [
  { rule: 'ESPD-REQUIRED', text: v4, edit: [/<cbc:UUID [^]*?<\/cbc:UUID>/, ''], at: '/cbc:UUID' },
  { rule: 'ESPD-REQUIRED', text: v4, edit: [/(<cbc:ContractFolderID [^>]*>)[^<]*/, '$1'], at: '/cbc:ContractFolderID' },
  {
    rule: 'ESPD-REQUIRED',
    text: v4,
    edit: [/<cac:TenderingCriterionResponse>[^]*<\/cac:TenderingCriterionResponse>/, ''],
    at: answer,
  },
  {
    rule: 'ESPD-REQUIRED',
    text: v2,
    edit: [/<cbc:CustomizationID [^]*?<\/cbc:CustomizationID>/, ''],
    at: '/cbc:CustomizationID',
  },
  {
    rule: 'ESPD-OPERATOR',
    text: v4,
    edit: ['Couverture Exemple SARL', ''],
    at: '/cac:EconomicOperatorParty/cac:Party/cac:PartyName/cbc:Name',
  },
  {
    rule: 'ESPD-OPERATOR',
    text: v4,
    edit: [/<cac:EconomicOperatorRole>[^]*?<\/cac:EconomicOperatorRole>/, ''],
    at: '/cbc:RoleCode',
  },
  {
    rule: 'ESPD-OPERATOR',
    text: v2,
    edit: [/<cbc:IndustryClassificationCode .*\n/, ''],
    at: '/cbc:IndustryClassificationCode',
  },
  {
    rule: 'ESPD-OPERATOR',
    text: v4,
    edit: [/<cac:EconomicOperatorParty>[^]*<\/cac:EconomicOperatorParty>/, ''],
    at: '/cac:EconomicOperatorParty/cac:Party',
  },
  {
    rule: 'ESPD-LOT-COUNT',
    text: v4,
    edit: [/<cac:ProcurementProjectLot>[^]*?<\/cac:ProcurementProjectLot>/, ''],
    at: '/cac:ProcurementProjectLot',
  },
  {
    rule: 'ESPD-ANSWER-UNLINKED',
    text: v4,
    edit: [/<cbc:ValidatedCriterionPropertyID .*\n/, '\n'],
    at: '/cbc:ValidatedCriterionPropertyID',
  },
  {
    rule: 'ESPD-ANSWER-UNKNOWN',
    text: v4,
    edit: [/(<cbc:ValidatedCriterionPropertyID [^>]*>)[^<]*/, '$1C9_EG_other/QG1/Q1'],
    at: '[1]/cbc:ValidatedCriterionPropertyID',
  },
  {
    rule: 'ESPD-ANSWER-UNKNOWN',
    text: v4,
    edit: ['>C1_EG_crime-org/QG2/Q1<', '>C1_EG_crime-org/QG1/Q1<'],
    at: '[1]/cbc:ValidatedCriterionPropertyID',
  },
  {
    rule: 'ESPD-ANSWER-TWICE',
    text: v2,
    edit: [/(<cac:TenderingCriterionResponse>[^]*?<\/cac:TenderingCriterionResponse>)/, '$1$1'],
    at: '[2]/cbc:ValidatedCriterionPropertyID',
  },
  {
    rule: 'ESPD-ANSWER-SHAPE',
    text: v4,
    edit: [/<cac:ResponseValue>[^]*?<\/cac:ResponseValue>/, ''],
    at: `${answer}[1]`,
  },
  {
    rule: 'ESPD-ANSWER-SHAPE',
    text: v4,
    edit: [/(<cac:ResponseValue>[^]*?<\/cac:ResponseValue>)/, '$1$1'],
    at: `${answer}[1]`,
  },
  {
    rule: 'ESPD-ANSWER-SHAPE',
    text: v4,
    edit: ['<cac:EvidenceSupplied>', '<cac:ApplicablePeriod/><cac:EvidenceSupplied>'],
    at: `${answer}[5]`,
  },
  {
    rule: 'ESPD-ANSWER-TYPE',
    text: v4,
    edit: [indicator, '<cbc:Description>non</cbc:Description>'],
    at: '/cac:ResponseValue/cbc:Description',
  },
  {
    rule: 'ESPD-ANSWER-TYPE',
    text: v4,
    edit: [/<cac:ApplicablePeriod>.*?<\/cac:ApplicablePeriod>/, `<cac:ResponseValue>${indicator}</cac:ResponseValue>`],
    at: answer.concat('[7]'),
  },
  {
    rule: 'ESPD-ANSWER-TYPE',
    text: v4,
    edit: [indicator, `${indicator}<cbc:Description>non</cbc:Description>`],
    at: '/cac:ResponseValue',
  },
  {
    rule: 'ESPD-ANSWER-VALUE',
    text: v4,
    edit: [indicator, '<cbc:ResponseIndicator>non</cbc:ResponseIndicator>'],
    at: '/cbc:ResponseIndicator',
  },
  { rule: 'ESPD-ANSWER-VALUE', text: v4, edit: ['>6120000.00<', '>6 120 000 €<'], at: '/cbc:ResponseAmount' },
  {
    rule: 'ESPD-ANSWER-VALUE',
    text: v4,
    edit: ['<cbc:EndDate>2025-12-31', '<cbc:EndDate>2025-13-31'],
    at: '/cac:ApplicablePeriod',
  },
  {
    rule: 'ESPD-EVIDENCE-UNKNOWN',
    text: v4,
    edit: [/(<cac:EvidenceSupplied><cbc:ID [^>]*>)EVIDENCE-00001/, '$1EVIDENCE-00002'],
    at: `${answer}[5]`,
  },
  {
    rule: 'ESPD-PERIOD',
    text: v4,
    edit: ['<cbc:StartDate>2025-01-01', '<cbc:StartDate>2026-01-01'],
    at: `${answer}[7]`,
  },
  { rule: 'ESPD-PERCENTAGE', text: v4, edit: ['>0.25<', '>25<'], at: `${answer}[8]` },
  {
    rule: 'ESPD-VERSION-1',
    text: '<ESPDResponse xmlns="urn:grow:names:specification:ubl:schema:xsd:ESPDResponse-1">x</ESPDResponse>',
    edit: ['>x<', '><'],
    at: '/ESPDResponse',
  },
  {
    rule: 'ESPD-REQUEST-REFERENCE',
    text: v4,
    edit: [/<cac:AdditionalDocumentReference>[^]*<\/cac:AdditionalDocumentReference>/, ''],
    at: '/cac:AdditionalDocumentReference',
    severity: 'warn',
  },
  {
    rule: 'HUB-SIREN-LUHN',
    text: v4,
    edit: ['>90000012600012<', '>90000012700012<'],
    at: '/cac:PartyIdentification/cbc:ID',
    severity: 'warn',
  },
  {
    rule: 'HUB-SIRET-FORM',
    text: v4,
    edit: ['>90000012600012<', '>900000126<'],
    at: '/cac:PartyIdentification/cbc:ID',
    severity: 'warn',
  },
  {
    rule: 'HUB-SIRET-SPACES',
    text: v4,
    edit: ['>90000012600012<', '>900 000 126 00012<'],
    at: '/cac:PartyIdentification/cbc:ID',
    severity: 'info',
  },
  { rule: 'HUB-DATE', text: v4, edit: ['2026-04-10+02:00', '10/04/2026'], at: '/cbc:IssueDate' },
  {
    rule: 'FORMAT-VERSION',
    text: v4,
    edit: ['>ESPD-EDMv4.1.0<', '>ESPD-EDMv5.0.0<'],
    at: '/QualificationApplicationResponse',
  },
]

test.each(breaches)('$rule is found at $at', ({ rule, text, edit, at, severity = 'reject' }) => {
  const { findings, verdict } = edited(text, edit)
  const found = findings.filter((finding) => finding.rule === rule)
  expect(
    found.map(({ xpath }) => xpath ?? '').filter((xpath) => xpath.endsWith(at)),
    JSON.stringify(findings),
  ).not.toEqual([])
  expect(found[0]?.severity).toBe(severity)
  expect(verdict).toBe(severity === 'reject' ? 'refused' : 'accepted')
})

test('every rule of the ESPD catalogue has a breach here, and the examples break none of them', () => {
  const own = Object.keys(rules).filter((id) => id.startsWith('ESPD-'))
  expect(own.filter((id) => !breaches.some(({ rule }) => rule === id))).toEqual([])
  for (const text of [v2, v4]) expect(examineXml(Buffer.from(text)).findings).toEqual([])
})

describe('tolerance', () => {
  test('version 4 allows several answers to one question, for repeated groups', () => {
    const examination = edited(v4, [
      /(<cac:TenderingCriterionResponse>[^]*?<\/cac:TenderingCriterionResponse>)/,
      '$1$1',
    ])
    expect(examination.findings).toEqual([])
    expect(canonicalOf(examination).criteria[0]?.groups[0]?.items[0]?.answers).toHaveLength(2)
  })

  test('a percentage may be a quantity or a number, whatever the version', () => {
    const examination = edited(v4, [
      '<cbc:ResponseNumeric format="PERCENTAGE">0.25</cbc:ResponseNumeric>',
      '<cbc:ResponseQuantity unitCode="PERCENTAGE">0.25</cbc:ResponseQuantity>',
    ])
    expect(examination.findings).toEqual([])
  })

  test('codes outside their lists and empty names are kept without a word', () => {
    const examination = edited(
      v4,
      ['>ON*<', '>Descriptive<'],
      ['<cbc:Name>Participation à une organisation criminelle<', '<cbc:Name><'],
    )
    expect(examination.findings).toEqual([])
  })

  test('a foreign candidate owes no SIRET', () => {
    const examination = edited(v4, [
      'schemeID="SIRET" schemeAgencyID="INSEE">90000012600012',
      'schemeAgencyID="VIES">DE153301871',
    ])
    expect(examination.findings).toEqual([])
    expect(canonicalOf(examination).operator.ids).toEqual([{ value: 'DE153301871', agency: 'VIES' }])
  })
})

const shared = join(import.meta.dirname, '../../../../shared/data/espd')

test.skipIf(!existsSync(shared))('every answer of the official samples is on its question', () => {
  const counts = ['v2.1.1/BASIC-ESPDResponse-2.1.1.xml', 'v3.3.0/ESPD-Response.xml', 'v4.1.0/ESPD-Response.xml'].map(
    (name) => {
      const text = readFileSync(join(shared, name), 'utf8')
      const { criteria } = canonicalOf(examineXml(Buffer.from(text)))
      const inGroup = ({ items, groups }: DumeResponseGroup): number =>
        items.reduce((sum, { answers = [] }) => sum + answers.length, 0) +
        groups.reduce((sum, group) => sum + inGroup(group), 0)
      const placed = criteria.reduce(
        (sum, { groups }) => sum + groups.reduce((inner, group) => inner + inGroup(group), 0),
        0,
      )
      return [placed, text.split('<cac:TenderingCriterionResponse>').length - 1]
    },
  )
  for (const [placed, given] of counts) expect(placed).toBe(given)
})
