// oxlint-disable-next-line no-restricted-imports -- tests read the example documents; the code under test reads nothing
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { schemas } from '@socle/schemas'
import { Ajv2020 } from 'ajv/dist/2020.js'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { examine } from '../examine.ts'
import { edited, noticeOf, shortest, toldOf } from './testing/example-notices.ts'

const examples = join(import.meta.dirname, '../../../schemas/examples/documents')

function document(name: string, ...edits: readonly (readonly [string, string])[]): Buffer {
  return edited(readFileSync(join(examples, name)), ...edits)
}

const ajv = new Ajv2020({ strict: false })
for (const schema of Object.values(schemas)) ajv.addSchema(schema)

function isNotice(notice: unknown): boolean {
  return ajv.validate('https://socle.example/schemas/v1/notice.schema.json', notice)
}

const names = [
  'boamp-annonce.xml',
  'boamp-attribution.xml',
  'boamp-dsp.json',
  'boamp-eforms.json',
  'boamp-eforms.xml',
  'boamp-fnsimple.json',
  'boamp-fnsimple.xml',
  'boamp-mapa.json',
  'boamp-rectificatif.json',
]

test.each(names)('%s is accepted, its canonical form follows the schema, in little time', (name) => {
  const bytes = document(name)
  const notice = noticeOf(bytes)
  expect(shortest(() => noticeOf(bytes))).toBeLessThan(100)
  expect(isNotice(notice), ajv.errorsText()).toBe(true)
  expect(notice.publication).toMatchObject({ gazette: 'BOAMP' })
})

describe('one content, several ways to serve it', () => {
  test('FNSimple in XML and in a record are the same notice', () => {
    const { form: asRecord, procedure, ...record } = noticeOf(document('boamp-fnsimple.json'))
    const { form: asXml, procedure: ofXml, ...xml } = noticeOf(document('boamp-fnsimple.xml'))
    expect(xml).toEqual(record)
    expect(asXml).toEqual(asRecord)
    expect(ofXml).toEqual(procedure)
  })

  test('an eForms notice in XML, rebased or rendered in JSON, is the same notice', () => {
    const { publication: first, ...original } = noticeOf(document('eforms-cn-16.xml'))
    const { publication: second, ...rebased } = noticeOf(document('boamp-eforms.xml'))
    const { publication: third, ...rendered } = noticeOf(document('boamp-eforms.json'))
    expect(rebased).toEqual(original)
    expect(rendered).toEqual(original)
    expect([first, second, third]).toEqual([undefined, third, { number: '26-900020', gazette: 'BOAMP' }])
  })

  test('inner documents given as objects are read like those in strings, and told', () => {
    const record = JSON.parse(document('boamp-fnsimple.json').toString()) as Record<string, string>
    const { gestion = '', donnees = '' } = record
    const opened = { ...record, gestion: JSON.parse(gestion) as unknown, donnees: JSON.parse(donnees) as unknown }
    const bytes = Buffer.from(JSON.stringify(opened))
    expect(noticeOf(bytes)).toEqual(noticeOf(document('boamp-fnsimple.json')))
    expect(toldOf(examine(bytes))).toEqual(['BOAMP-INNER-OBJECT /gestion', 'BOAMP-INNER-OBJECT /donnees'])
  })
})

test('FNSimple gives title, codes, lots, addresses and reference', () => {
  expect(noticeOf(document('boamp-fnsimple.json'))).toMatchObject({
    form: { format: 'boamp-fnsimple', version: '3.2.5', noticeType: 'APPEL_OFFRE', formType: 'competition' },
    id: '26-900014',
    title: { text: 'Réfection de la toiture du gymnase' },
    internalReference: '2026-TVX-014',
    nature: 'works',
    cpv: '45261910',
    additionalCpv: ['45261210', '45261320'],
    estimate: { amount: '185000', currency: 'EUR', meaning: 'estimate' },
    procedure: { type: 'PROCEDURE_ADAPTE' },
    organisations: [{ ref: 'ORG-0001', id: { scheme: 'SIRET', value: '21690123100011' } }],
    buyers: [{ organisation: 'ORG-0001', profileUrl: 'https://profil.villeneuve-exemple.example' }],
    lots: [
      { id: '1', title: { text: 'Couverture' }, cpv: '45261210', duration: { value: '6', unit: 'MONTH' } },
      { id: '2', documents: [{ url: 'https://profil.villeneuve-exemple.example/consultations/14' }] },
    ],
  })
})

test('MAPA gives the award of each lot, and links to the call', () => {
  const { award, procedure, organisations, lots } = noticeOf(document('boamp-mapa.json'))
  expect(procedure?.previousNotices).toEqual(['26-900002'])
  expect(lots.map(({ id }) => id)).toEqual(['1', '2'])
  expect(lots[0]?.awardCriteria?.[0]).toEqual({
    description: { text: 'Prix des prestations' },
    weight: '60',
    weightUnit: 'per-exa',
  })
  expect(organisations[1]).toMatchObject({ name: 'Jardins du Val', id: { scheme: 'SIRET', value: '73282932000074' } })
  expect(award?.results).toMatchObject([
    { lot: '1', outcome: 'selec-w', tenders: ['TEN-0001'] },
    { lot: '2', outcome: 'clos-nw' },
  ])
  expect(award?.tenders?.[0]?.value).toEqual({ amount: '41200.50', currency: 'EUR', meaning: 'awarded' })
})

test('the old XML gives choices by empty elements, criteria and lots', () => {
  const { nature, lots, procedure } = noticeOf(document('boamp-annonce.xml'))
  expect(nature).toBe('services')
  expect(procedure?.type).toBe('open')
  expect(lots).toMatchObject([
    { id: '1', variants: 'not-allowed', gpaCoverage: true, electronicAuction: false },
    { id: '2', variants: 'allowed', awardCriteria: [{ weight: '60' }, { weight: '40' }] },
  ])
  expect(lots[0]?.awardCriteria).toEqual([
    { type: 'quality', description: { text: 'Moyens et organisation' }, weight: '40' },
    { type: 'price', weight: '60' },
  ])
})

describe('what is wrong is told where it is', () => {
  test('inner JSON that cannot be read: its faults are those of the strict reader, at the property that holds it', () => {
    const twice = document('boamp-fnsimple.json', [
      String.raw`\"ville\": \"Villeneuve-Exemple\"`,
      String.raw`\"ville\": \"Villeneuve-Exemple\", \"ville\": \"Ailleurs\"`,
    ])
    const examination = examine(twice)
    expect(examination.verdict).toBe('refused')
    expect(toldOf(examination)).toEqual(['BOAMP-INNER-JSON /donnees', 'JSON-DUPLICATE-KEY /donnees'])
    expect(examination.findings[1]?.message.en).toMatch(/Line 1, column \d+/)
  })

  test('one record that is refused does not take its neighbours with it', () => {
    const page = JSON.parse(document('boamp-mapa.json').toString()) as { results: Record<string, unknown>[] }
    const [good = {}] = page.results
    const bytes = Buffer.from(JSON.stringify({ results: [good, { ...good, donnees: '{' }, 'x', good] }))
    const { verdict, records, findings } = examine(bytes)
    expect(verdict).toBe('refused')
    expect(records.map(({ canonical }) => canonical !== undefined)).toEqual([true, false, false, true])
    expect(findings.map(({ record, rule, pointer }) => [record, rule, pointer])).toEqual([
      [1, 'BOAMP-INNER-JSON', '/results/1/donnees'],
      [1, 'JSON-TRUNCATED', '/results/1/donnees'],
      [2, 'BOAMP-RECORD', '/results/2'],
    ])
  })

  test('entities are decoded once, with before and after', () => {
    const bytes = document('boamp-fnsimple.json', ['Dépose et remplacement', 'D&eacute;pose &amp;eacute;'])
    const { findings } = examine(bytes)
    const pointer = '/donnees/FNSimple/initial/natureMarche/description'
    expect(findings.map(({ rule, pointer: at }) => [rule, at])).toEqual([
      ['BOAMP-ENTITY', pointer],
      ['BOAMP-ENTITY-LEFT', pointer],
    ])
    expect(findings[0]?.value).toContain('D&eacute;pose &amp;eacute;')
    expect(findings[0]?.expected).toContain('Dépose &eacute;')
    expect(noticeOf(bytes).description?.text).toContain('Dépose &eacute;')
  })

  test('a rectification in words is kept, linked and applied to nothing', () => {
    const { change, form } = noticeOf(document('boamp-rectificatif.json'))
    expect(form.formType).toBe('change')
    expect(change?.changedNotice).toBe('26-900014')
    expect(change?.changes?.[0]?.description?.text).toContain('vendredi 9 octobre')
  })

  test('the second notice of an issue has its own place', () => {
    const inner = document('boamp-annonce.xml')
      .toString()
      .replace(/^<\?xml.*\?>/, '')
    const wrong = inner.replace('>17-900018<', '>x<')
    const { records, findings } = examine(Buffer.from(`<PARUTION>${inner}${wrong}</PARUTION>`))
    expect(records.map(({ canonical }) => canonical !== undefined)).toEqual([true, false])
    expect(findings).toMatchObject([{ rule: 'BOAMP-NUMBER', record: 1, xpath: '/PARUTION/ANNONCE[2]/DONNEES' }])
  })
})

test('a notice with two contents is refused, and the second one named', () => {
  const bytes = document('boamp-annonce.xml', ['</DONNEES>', '</DONNEES><DONNEES><OBJET/></DONNEES>'])
  const { verdict, records, findings } = examine(bytes)
  expect({ verdict, canonical: records[0]?.canonical }).toEqual({ verdict: 'refused', canonical: undefined })
  expect(findings).toContainEqual(
    expect.objectContaining({ rule: 'BOAMP-REPEATED', xpath: '/ANNONCE/DONNEES[2]', value: 'DONNEES' }),
  )
})

test('whatever stands in the data, the record is accepted with a valid notice or refused with a reason', () => {
  const record = JSON.parse(document('boamp-fnsimple.json').toString()) as Record<string, unknown>
  const text = JSON.stringify(JSON.parse(String(record['donnees'])))
  const junk = fc.constantFrom<unknown>(
    null,
    '',
    'x',
    7,
    true,
    [],
    {},
    [{}, 'y'],
    { '#text': 'z', '@a': 'b' },
    { a: {} },
  )
  const leaves = [...text.matchAll(/"[^"]*"(?=[,}\]])/g)].map(({ index, 0: leaf }) => ({ index, length: leaf.length }))
  fc.assert(
    fc.property(fc.constantFrom(...leaves), junk, ({ index, length }, value) => {
      const donnees = text.slice(0, index) + JSON.stringify(value) + text.slice(index + length)
      const { verdict, findings, records } = examine(Buffer.from(JSON.stringify({ ...record, donnees })))
      expect(findings.map(({ rule }) => rule)).not.toContain('FORMAT-INTERNAL')
      if (verdict === 'accepted') expect(isNotice(records[0]?.canonical), ajv.errorsText()).toBe(true)
      else expect(findings.some(({ severity }) => severity === 'reject')).toBe(true)
    }),
    { numRuns: 300 },
  )
})
