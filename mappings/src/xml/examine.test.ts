// oxlint-disable-next-line no-restricted-imports -- tests read the example documents; the code under test reads nothing
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { schemas } from '@socle/schemas'
import { Ajv2020 } from 'ajv/dist/2020.js'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type ExamineOptions, examineXml as examineBy } from './examine.ts'

/** Official rules are judged where the packs are: here the readers and our own rules. */
const examineXml = (bytes: Uint8Array, options: ExamineOptions = {}) => examineBy(bytes, { packs: 'none', ...options })

const documents = join(import.meta.dirname, '../../../schemas/examples/documents')
const names = ['eforms-cn-16.xml', 'espd-response-4.1.0.xml', 'espd-response-2.1.1.xml']
const fixtures = names.map((name) => readFileSync(join(documents, name)))

const ajv = new Ajv2020({ strict: false })
for (const schema of Object.values(schemas)) ajv.addSchema(schema)

function isCanonical(document: unknown): boolean {
  const kind = (document as { kind: string }).kind
  return ajv.validate(`https://socle.example/schemas/v1/${kind}.schema.json`, document)
}

describe('detection', () => {
  const ubl = 'urn:oasis:names:specification:ubl:schema:xsd:'
  const espd = (root: string, inside: string) =>
    `<${root} xmlns="${ubl}${root}-2" xmlns:cbc="${ubl}CommonBasicComponents-2">${inside}</${root}>`
  const cases: readonly (readonly [format: string, version: string | undefined, document: string])[] = [
    [
      'eforms',
      'eforms-sdk-1.13',
      `<ContractAwardNotice xmlns="${ubl}ContractAwardNotice-2"><c:CustomizationID xmlns:c="${ubl}CommonBasicComponents-2">eforms-sdk-1.13</c:CustomizationID></ContractAwardNotice>`,
    ],
    ['eforms', undefined, `<PriorInformationNotice xmlns="${ubl}PriorInformationNotice-2"/>`],
    [
      'eforms',
      undefined,
      '<BusinessRegistrationInformationNotice xmlns="http://data.europa.eu/p27/eforms-business-registration-information-notice/1"/>',
    ],
    ['espd-response', '1.0.2', '<ESPDResponse xmlns="urn:grow:names:specification:ubl:schema:xsd:ESPDResponse-1"/>'],
    [
      'espd-request',
      '4.1.0',
      espd('QualificationApplicationRequest', '<cbc:ProfileExecutionID>ESPD-EDMv4.1.0</cbc:ProfileExecutionID>'),
    ],
    [
      'espd-response',
      '2.1.1',
      espd('QualificationApplicationResponse', '<cbc:ProfileExecutionID>ESPD-EDMv2.1.1-BASIC</cbc:ProfileExecutionID>'),
    ],
    ['espd-response', '2.1.1', espd('QualificationApplicationResponse', '<cbc:UBLVersionID>2.2</cbc:UBLVersionID>')],
    [
      'espd-response',
      '3.0.1',
      espd(
        'QualificationApplicationResponse',
        '<cbc:UBLVersionID>2.3</cbc:UBLVersionID><cbc:UUID schemeVersionID="3.0.1">x</cbc:UUID>',
      ),
    ],
    [
      'espd-response',
      '5.0.0-alpha',
      espd('QualificationApplicationResponse', '<cbc:UBLVersionID>2.4</cbc:UBLVersionID>'),
    ],
    ['espd-response', undefined, espd('QualificationApplicationResponse', '')],
    ['decp-xml', '1.5.0', '<marches><marche/></marches>'],
    [
      'boamp-xml',
      '230',
      '<ANNONCE xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="Boamp_v230.xsd"/>',
    ],
    ['seda', '2.2', '<ArchiveTransfer xmlns="fr:gouv:culture:archivesdefrance:seda:v2.2"/>'],
    ['actes', '1.1', '<a:Acte xmlns:a="http://www.interieur.gouv.fr/ACTES#v1.1-20040216"/>'],
    ['svrl', undefined, '<s:schematron-output xmlns:s="http://purl.oclc.org/dsdl/svrl"/>'],
    ['xsd', undefined, '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"/>'],
    ['unknown', undefined, '<ContractNotice/>'],
  ]

  test.each(cases)('%s %s is named, and refused with a reason', (format, version, document) => {
    const examination = examineXml(Buffer.from(document))
    expect(examination).toMatchObject({ format, version, verdict: 'refused' })
    expect(examination.findings.filter(({ severity }) => severity === 'reject')).not.toEqual([])
  })

  test('a format that is named but not read says what is read today', () => {
    const [found] = examineXml(
      Buffer.from('<ArchiveTransfer xmlns="fr:gouv:culture:archivesdefrance:seda:v2.2"/>'),
    ).findings
    expect(found).toMatchObject({ rule: 'FORMAT-NOT-READ-YET', value: 'SEDA 2.2' })
    expect(found?.expected).toContain('eForms')
  })

  test('an unknown root is told with its namespace', () => {
    const [found] = examineXml(Buffer.from('<x:Facture xmlns:x="urn:f"/>')).findings
    expect(found).toMatchObject({ rule: 'FORMAT-UNKNOWN', value: '{urn:f}Facture' })
  })
})

test.each(names)('%s is accepted and its canonical form follows its schema', (name) => {
  const examination = examineXml(readFileSync(join(documents, name)))
  expect(examination.findings.map(({ rule }) => rule)).toEqual(['FORMAT-OWN-RULES-ONLY'])
  expect(examination.verdict).toBe('accepted')
  expect(isCanonical(examination.records[0]?.canonical), ajv.errorsText()).toBe(true)
})

test.each(names)('%s reads the same under other prefixes', (name) => {
  const text = readFileSync(join(documents, name), 'utf8')
  const renamed = ['cac', 'cbc', 'ext', 'efac', 'efbc', 'efext'].reduce(
    (all, prefix) => all.replaceAll(new RegExp(`(</?|xmlns:)${prefix}(?=[:=])`, 'g'), `$1x-${prefix}`),
    text,
  )
  expect(renamed).toContain('<x-cbc:')
  expect(examineXml(Buffer.from(renamed))).toEqual(examineXml(Buffer.from(text)))
})

test('quotes in processing instructions and names of JavaScript stop no reading', () => {
  for (const document of ['<a><?note l\'avis ?><b/><c t="\'"/></a>', '<a><constructor/></a>']) {
    const { findings, verdict } = examineXml(Buffer.from(document))
    expect([verdict, findings.map(({ rule }) => rule)]).toEqual(['refused', ['FORMAT-UNKNOWN']])
  }
})

test('a file with a fault in each of thousands of lots is judged in little time, and its findings are cut', () => {
  const lot = '<cac:ProcurementProjectLot><cbc:ID schemeName="Lot"/></cac:ProcurementProjectLot>'
  const text = readFileSync(join(documents, 'eforms-cn-16.xml'), 'utf8')
  const bytes = Buffer.from(text.replace('</ContractNotice>', `${lot.repeat(20_000)}</ContractNotice>`))
  const start = performance.now()
  const { findings, verdict } = examineXml(bytes)
  expect(performance.now() - start).toBeLessThan(5000)
  expect(verdict).toBe('refused')
  expect(findings.length).toBe(1001)
  expect(findings.at(-1)?.rule).toBe('FORMAT-MORE-FINDINGS')
})

test('namespaces declared on many elements cost nothing more', () => {
  const declarations = Array.from({ length: 900 }, (_, index) => `xmlns:p${index}="urn:${index}"`).join(' ')
  const bytes = Buffer.from(`<a ${declarations}>${'<b xmlns="urn:b"/>'.repeat(20_000)}</a>`)
  const start = performance.now()
  expect(examineXml(bytes).format).toBe('unknown')
  expect(performance.now() - start).toBeLessThan(3000)
})

describe('whatever the bytes', () => {
  const damaged = fc.constantFrom(...fixtures).chain((bytes) =>
    fc.oneof(
      fc.nat(bytes.length).map((length) => bytes.subarray(0, length)),
      fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 3 }).map((edits) => {
        const copy = Buffer.from(bytes)
        for (const [at, byte] of edits) copy[at] = byte
        return copy
      }),
      // Removing a stretch between two tags keeps most documents well-formed, and empties their fields.
      fc.nat(bytes.length - 1).map((from) => {
        const text = bytes.toString('utf8')
        const start = text.indexOf('>', from) + 1
        const end = text.indexOf('<', start)
        return Buffer.from(end === -1 ? text : text.slice(0, start) + text.slice(end))
      }),
    ),
  )

  test('the examination is given, an accepted document is canonical, and no fault is ours', () => {
    fc.assert(
      fc.property(damaged, (bytes) => {
        const { verdict, findings, records } = examineXml(bytes, { now: new Date('2026-03-15T00:00:00Z') })
        expect(findings.map(({ rule }) => rule)).not.toContain('FORMAT-INTERNAL')
        const isRefused = findings.some(({ severity }) => severity === 'reject')
        expect(verdict).toBe(isRefused ? 'refused' : 'accepted')
        for (const { canonical } of records) {
          if (canonical !== undefined) expect(isCanonical(canonical), ajv.errorsText()).toBe(true)
        }
      }),
      { numRuns: 600 },
    )
  })

  test('any text at all gives an examination', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => examineXml(bytes).verdict === 'refused'),
      { numRuns: 500 },
    )
  })
})

const shared = join(import.meta.dirname, '../../../../shared/data')

describe.runIf(existsSync(shared))('official samples', () => {
  const accepted = [
    'eforms/notices/cn_24_maximal.xml',
    'eforms/notices/cn_24_maximal_100_lots.xml',
    'eforms/notices/cn_24_multilingual.xml',
    'eforms/notices/cn_24_cumbria.xml',
    'eforms/notices/cn_24_open_accel.xml',
    'eforms/notices/cn_24_nego_accel.xml',
    'eforms/notices/change-cn_24_open_dates.xml',
    'espd/v2.1.1/BASIC-ESPDResponse-2.1.1.xml',
    'espd/v3.3.0/ESPD-Response.xml',
    'espd/v4.1.0/ESPD-Response.xml',
  ]
  test.each(accepted)('%s is accepted, canonical and quick', (name) => {
    const bytes = readFileSync(join(shared, name))
    const start = performance.now()
    const { verdict, findings, records } = examineXml(bytes)
    expect(performance.now() - start).toBeLessThan(1000)
    expect(findings.filter(({ severity }) => severity === 'reject')).toEqual([])
    expect(verdict).toBe('accepted')
    expect(isCanonical(records[0]?.canonical), ajv.errorsText()).toBe(true)
  })

  test('every other notice is read, and the invalid ones are refused for what they lack', () => {
    const folder = join(shared, 'eforms/notices')
    for (const name of readdirSync(folder)) {
      const { format, verdict, findings } = examineXml(readFileSync(join(folder, name)))
      const isInvalid = name.startsWith('INVALID_')
      expect([name, format, verdict]).toEqual([name, 'eforms', isInvalid ? 'refused' : 'accepted'])
      if (isInvalid) expect(findings.filter(({ severity }) => severity === 'reject').length, name).toBeGreaterThan(5)
    }
  })
})

test.skipIf(existsSync(shared))('official samples are not here: skipped', ({ annotate }) =>
  annotate('no ../shared/data beside the repository'),
)
