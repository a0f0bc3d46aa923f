// oxlint-disable-next-line no-restricted-imports -- tests read the example documents; the code under test reads nothing
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Examined, examined } from '../examined.ts'

const notice = readFileSync(
  join(import.meta.dirname, '../../../../schemas/examples/documents/eforms-cn-16.xml'),
  'utf8',
)

/** The example with the first occurrence of a text replaced; an edit that finds nothing is a fault of the test. */
function edited([from, to]: Breach['edit']): Examined {
  const text = notice.replace(from, to)
  if (text === notice) throw new Error(`nothing to edit: ${String(from)}`)
  return examined(text)
}

const lot = '/ContractNotice/cac:ProcurementProjectLot[1]'
const deadline = `${lot}/cac:TenderingProcess/cac:TenderSubmissionDeadlinePeriod`
const buyerId = 'efac:Organization[1]/efac:Company/cac:PartyLegalEntity/cbc:CompanyID'

interface Breach {
  readonly rule: string
  readonly edit: readonly [from: string | RegExp, to: string]
  readonly severity: 'reject' | 'warn' | 'info'
  /** End of the XPath. */
  readonly at: string
  readonly value?: string
}

const breaches: readonly Breach[] = [
  {
    rule: 'EFORMS-REQUIRED',
    edit: ['>3a9c41d7-6e52-4f0b-8b1a-5d7e90c2f384<', '><'],
    severity: 'reject',
    at: '/ContractNotice/cbc:ID',
  },
  {
    rule: 'EFORMS-REQUIRED',
    edit: [/<cbc:ContractFolderID>.*?<\/cbc:ContractFolderID>/, ''],
    severity: 'reject',
    at: '/ContractNotice/cbc:ContractFolderID',
  },
  {
    rule: 'EFORMS-REQUIRED',
    edit: [/<cbc:Name languageID="FRA">Rénovation.*?<\/cbc:Name>/, ''],
    severity: 'reject',
    at: '/cac:ProcurementProject/cbc:Name',
  },
  {
    rule: 'EFORMS-REQUIRED',
    edit: [/<cbc:ProcedureCode .*?<\/cbc:ProcedureCode>/, ''],
    severity: 'reject',
    at: '/cbc:ProcedureCode',
  },
  {
    rule: 'EFORMS-REQUIRED',
    edit: [/<cac:ProcurementProjectLot>[^]*<\/cac:ProcurementProjectLot>/, ''],
    severity: 'reject',
    at: "/cac:ProcurementProjectLot[cbc:ID/@schemeName='Lot']",
  },
  {
    rule: 'EFORMS-REQUIRED',
    edit: [/<cac:ContractingParty>[^]*<\/cac:ContractingParty>/, ''],
    severity: 'reject',
    at: '/cac:PartyIdentification/cbc:ID',
  },
  {
    rule: 'EFORMS-REQUIRED',
    edit: ['<cbc:Name languageID="FRA">Commune de Villeneuve-Exemple</cbc:Name>', ''],
    severity: 'reject',
    at: '/efac:Company/cac:PartyName/cbc:Name',
  },
  {
    rule: 'EFORMS-REQUIRED',
    edit: ['<cbc:Name languageID="FRA">Couverture et étanchéité</cbc:Name>', ''],
    severity: 'reject',
    at: `${lot}/cac:ProcurementProject/cbc:Name`,
  },
  {
    rule: 'EFORMS-UUID',
    edit: ['7d3f5c1e-2b48-4a6d', '7d3f5c1e-2b48-1a6d'],
    severity: 'reject',
    at: '/cbc:ContractFolderID',
    value: '7d3f5c1e-2b48-1a6d-9f10-8c2e5b7a4d61',
  },
  {
    rule: 'EFORMS-NOTICE-VERSION',
    edit: ['<cbc:VersionID>01<', '<cbc:VersionID>1<'],
    severity: 'reject',
    at: '/cbc:VersionID',
    value: '1',
  },
  {
    rule: 'EFORMS-CODE',
    edit: ['>open<', '>ouverte<'],
    severity: 'reject',
    at: '/cbc:ProcedureCode',
    value: 'ouverte',
  },
  {
    rule: 'EFORMS-CODE',
    edit: ['>works<', '>travaux<'],
    severity: 'reject',
    at: '/cbc:ProcurementTypeCode',
    value: 'travaux',
  },
  {
    rule: 'EFORMS-CODE',
    edit: ['ConstraintIndicator>true<', 'ConstraintIndicator>oui<'],
    severity: 'reject',
    at: '/cbc:GovernmentAgreementConstraintIndicator',
    value: 'oui',
  },
  { rule: 'EFORMS-CODE', edit: ['>FRK26<', '>69<'], severity: 'warn', at: '/cbc:CountrySubentityCode', value: '69' },
  {
    rule: 'EFORMS-REFERENCE',
    edit: [/(<cac:Party>\s*<cac:PartyIdentification>\s*<cbc:ID>)ORG-0001/, '$1ORG-0009'],
    severity: 'reject',
    at: '/cac:ContractingParty/cac:Party/cac:PartyIdentification/cbc:ID',
    value: 'ORG-0009',
  },
  {
    rule: 'EFORMS-REFERENCE',
    edit: [/(<cac:AppealReceiverParty>\s*<cac:PartyIdentification>\s*<cbc:ID>)ORG-0002/, '$1TPO-0001'],
    severity: 'reject',
    at: '/cac:AppealReceiverParty/cac:PartyIdentification/cbc:ID',
    value: 'TPO-0001',
  },
  {
    rule: 'EFORMS-DUPLICATE-ID',
    edit: ['>LOT-0002<', '>LOT-0001<'],
    severity: 'reject',
    at: '/cac:ProcurementProjectLot[2]/cbc:ID',
    value: 'LOT-0001',
  },
  {
    rule: 'EFORMS-DATE',
    edit: ['2026-04-13+02:00<', '2026-02-30+02:00<'],
    severity: 'reject',
    at: `${deadline}/cbc:EndDate`,
    value: '2026-02-30+02:00',
  },
  {
    rule: 'EFORMS-DATE',
    edit: ['<cbc:EndTime>12:00:00+02:00<', '<cbc:EndTime>12h<'],
    severity: 'reject',
    at: `${deadline}/cbc:EndTime`,
    value: '12h',
  },
  {
    rule: 'EFORMS-DATE-ZONE',
    edit: ['2026-03-02+01:00</efbc:TransmissionDate>', '2026-03-02</efbc:TransmissionDate>'],
    severity: 'warn',
    at: '/efbc:TransmissionDate',
    value: '2026-03-02',
  },
  {
    rule: 'EFORMS-ZONES-DIFFER',
    edit: ['<cbc:EndTime>12:00:00+02:00<', '<cbc:EndTime>10:00:00Z<'],
    severity: 'warn',
    at: `${deadline}/cbc:EndTime`,
    value: '10:00:00Z',
  },
  {
    rule: 'EFORMS-DEADLINE-MISSING',
    edit: [/<cac:TenderSubmissionDeadlinePeriod>[^]*?<\/cac:TenderSubmissionDeadlinePeriod>/, ''],
    severity: 'warn',
    at: '/cac:TenderSubmissionDeadlinePeriod/cbc:EndDate',
  },
  {
    rule: 'EFORMS-DEADLINE-TIME',
    edit: ['<cbc:EndTime>12:00:00+02:00</cbc:EndTime>', ''],
    severity: 'reject',
    at: `${deadline}/cbc:EndDate`,
    value: '2026-04-13+02:00',
  },
  {
    rule: 'EFORMS-DEADLINE-ORDER',
    edit: ['>2026-04-13+02:00<', '>2026-02-13+02:00<'],
    severity: 'reject',
    at: `${deadline}/cbc:EndDate`,
    value: '2026-02-13+02:00',
  },
  {
    rule: 'EFORMS-QUESTIONS-LATE',
    edit: ['>2026-04-03+02:00<', '>2026-04-14+02:00<'],
    severity: 'reject',
    at: '/cac:AdditionalInformationRequestPeriod/cbc:EndDate',
    value: '2026-04-14+02:00',
  },
  {
    rule: 'EFORMS-PERIOD',
    edit: [
      '<cac:PlannedPeriod>',
      '<cac:PlannedPeriod><cbc:StartDate>2026-06-01+02:00</cbc:StartDate><cbc:EndDate>2026-05-01+02:00</cbc:EndDate>',
    ],
    severity: 'reject',
    at: '/cac:PlannedPeriod/cbc:EndDate',
    value: '2026-05-01+02:00',
  },
  {
    rule: 'EFORMS-AMOUNT',
    edit: ['>5890000.00<', '>5 890 000,00<'],
    severity: 'reject',
    at: '/cbc:EstimatedOverallContractAmount',
    value: '5 890 000,00',
  },
  {
    rule: 'EFORMS-AMOUNT',
    edit: ['>5890000.00<', '>-1<'],
    severity: 'reject',
    at: '/cbc:EstimatedOverallContractAmount',
    value: '-1',
  },
  {
    rule: 'EFORMS-AMOUNT',
    edit: [' currencyID="EUR">5890000.00<', '>5890000.00<'],
    severity: 'reject',
    at: '/cbc:EstimatedOverallContractAmount',
    value: '5890000.00',
  },
  {
    rule: 'EFORMS-AMOUNT-ZERO',
    edit: ['>5890000.00<', '>0.00<'],
    severity: 'warn',
    at: '/cbc:EstimatedOverallContractAmount',
    value: '0.00',
  },
  {
    rule: 'EFORMS-DURATION',
    edit: ['unitCode="MONTH">10<', 'unitCode="MONTH">0<'],
    severity: 'reject',
    at: '/cbc:DurationMeasure',
    value: '0',
  },
  {
    rule: 'EFORMS-DURATION',
    edit: ['unitCode="MONTH">10<', 'unitCode="HOUR">10<'],
    severity: 'reject',
    at: '/cbc:DurationMeasure',
    value: '10',
  },
  {
    rule: 'EFORMS-DURATION',
    edit: ['unitCode="MONTH">10<', 'unitCode="YEAR">100<'],
    severity: 'reject',
    at: '/cbc:DurationMeasure',
    value: '100',
  },
  {
    rule: 'EFORMS-URL',
    edit: ['>https://achats.villeneuve-exemple.example<', '>javascript:alert(1)<'],
    severity: 'warn',
    at: '/cbc:BuyerProfileURI',
    value: 'javascript:alert(1)',
  },
  {
    rule: 'HUB-DEADLINE-ZONE',
    edit: ['<cbc:EndTime>12:00:00+02:00<', '<cbc:EndTime>12:00:00<'],
    severity: 'reject',
    at: `${deadline}/cbc:EndTime`,
    value: '12:00:00',
  },
  {
    rule: 'HUB-DEADLINE-ZONE',
    edit: ['>2026-04-13+02:00<', '>2026-04-13<'],
    severity: 'reject',
    at: `${deadline}/cbc:EndDate`,
    value: '2026-04-13',
  },
  {
    rule: 'HUB-SIRET-FORM',
    edit: ['>21690123100011<', '>216901231<'],
    severity: 'reject',
    at: buyerId,
    value: '216901231',
  },
  {
    rule: 'HUB-SIREN-LUHN',
    edit: ['>21690123100011<', '>21690123200011<'],
    severity: 'reject',
    at: buyerId,
    value: '21690123200011',
  },
  {
    rule: 'HUB-SIRET-NIC',
    edit: ['>21690123100011<', '>21690123100012<'],
    severity: 'warn',
    at: buyerId,
    value: '21690123100012',
  },
  {
    rule: 'HUB-SIRET-SPACES',
    edit: ['>21690123100011<', '>216 901 231 00011<'],
    severity: 'info',
    at: buyerId,
    value: '216 901 231 00011',
  },
  { rule: 'HUB-BUYER-MISSING', edit: ['>21690123100011<', '><'], severity: 'warn', at: buyerId },
  {
    rule: 'HUB-CPV-FORM',
    edit: ['>45214210<', '>4521421<'],
    severity: 'reject',
    at: '/cbc:ItemClassificationCode',
    value: '4521421',
  },
  {
    rule: 'HUB-CPV-ZERO',
    edit: ['>45214210<', '>00000000<'],
    severity: 'reject',
    at: '/cbc:ItemClassificationCode',
    value: '00000000',
  },
  {
    rule: 'HUB-CPV-CHECK-DIGIT',
    edit: ['>45214210<', '>45214210-0<'],
    severity: 'reject',
    at: '/cbc:ItemClassificationCode',
    value: '45214210-0',
  },
  {
    rule: 'FORMAT-VERSION',
    edit: ['eforms-sdk-1.13', 'eforms-sdk-2.0'],
    severity: 'reject',
    at: '/cbc:CustomizationID',
    value: 'eforms-sdk-2.0',
  },
]

test.each(breaches)('$rule is found at $at', ({ rule, edit, severity, at, value }) => {
  const { findings, verdict } = edited(edit)
  const found = findings.filter((finding) => finding.rule === rule)
  expect(
    found.map(({ xpath }) => xpath ?? '').filter((xpath) => xpath.endsWith(at)),
    JSON.stringify(findings),
  ).not.toEqual([])
  expect(found[0]).toMatchObject({ severity, ...(value === undefined ? {} : { value }) })
  if (severity === 'reject') expect(verdict).toBe('refused')
  else expect([verdict, findings.filter((other) => other.severity === 'reject')]).toEqual(['accepted', []])
})

test('a code too long to be one is refused where it stands, and left out', () => {
  const { findings, verdict } = edited(['>not-allowed<', `>${'x'.repeat(401)}<`])
  expect([verdict, findings.map(({ rule, xpath }) => [rule, xpath])]).toEqual([
    'refused',
    [['EFORMS-CODE', `${lot}/cac:TenderingTerms/cbc:VariantConstraintCode`]],
  ])
})

test('a lot that says nothing at all is refused, and thousands of them are told until nobody would read on', () => {
  const empty = '<cac:ProcurementProjectLot><cbc:ID schemeName="Lot"/></cac:ProcurementProjectLot>'
  const { findings, verdict } = edited(['</ContractNotice>', `${empty}</ContractNotice>`])
  expect([verdict, findings.map(({ rule }) => rule)]).toEqual(['refused', ['EFORMS-REQUIRED', 'EFORMS-REQUIRED']])
  const many = edited(['</ContractNotice>', `${empty.repeat(20_000)}</ContractNotice>`])
  expect(many.verdict).toBe('refused')
  expect(many.findings.length).toBeLessThan(1_100)
})

test('the example breaks no rule', () => {
  expect(examined(notice).findings).toEqual([])
})
