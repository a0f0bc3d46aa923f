// oxlint-disable-next-line no-restricted-imports -- tests read the example documents; the code under test reads nothing
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DumeRequest, DumeResponse, DumeResponseCriterion, DumeResponseGroup } from '@socle/schemas'
import { describe, expect, test } from 'vitest'
import type { Unwritable, Written } from '../translation.ts'
import { examineXml } from '../xml/examine.ts'
import { writeEspdRequest, writeEspdResponse } from './write.ts'

const examples = join(import.meta.dirname, '../../../schemas/examples/documents')
const read = (name: string): Buffer => readFileSync(join(examples, `espd-${name}.xml`))
const examined = (bytes: Uint8Array): DumeResponse =>
  examineXml(bytes, { packs: 'none' }).records[0]?.canonical as DumeResponse

function written(outcome: Written | Unwritable): Written {
  if ('missing' in outcome) throw new Error(JSON.stringify(outcome.missing))
  return outcome
}

describe('what is written in 4.1.0', () => {
  test('passes our own rules when its source did, and is then written again the same', () => {
    const first = written(writeEspdResponse(examined(read('response-4.1.0')))).content
    const examination = examineXml(Buffer.from(first), { packs: 'none' })
    expect(examination.findings.map(({ rule }) => rule)).toEqual(['FORMAT-OWN-RULES-ONLY'])
    expect(written(writeEspdResponse(examination.records[0]?.canonical as DumeResponse)).content).toBe(first)
  })
})

/** Every answer by its key. */
function answersOf({ criteria }: DumeResponse): Record<string, unknown> {
  const inGroup = ({ items, groups }: DumeResponseGroup): [string, unknown][] => [
    ...items.flatMap(({ key, answers = [] }) => answers.map(({ value }): [string, unknown] => [key, value])),
    ...groups.flatMap(inGroup),
  ]
  return Object.fromEntries(criteria.flatMap(({ groups }) => groups.flatMap(inGroup)))
}

describe('a document of an older version', () => {
  const old = examined(read('response-2.1.1'))
  const { content, losses } = written(writeEspdResponse(old))
  const upgraded = examined(Buffer.from(content))

  test('is written in 4.1.0, accepted there, with the same answers under the same keys', () => {
    expect(upgraded.edm).toEqual({ version: '4.1.0', ublVersion: '2.3', profileExecutionId: 'ESPD-EDMv4.1.0' })
    expect(answersOf(upgraded)).toEqual(answersOf(old))
    expect(upgraded.completeness).toEqual(old.completeness)
  })

  test('has its codes and ids translated', () => {
    expect([upgraded.operator.country, upgraded.procedureCode, upgraded.lots]).toEqual(['FRA', 'open', ['LOT-0000']])
    const [crime] = upgraded.criteria
    expect([crime?.code, crime?.sourceCode, crime?.groups[0]?.sourceId]).toEqual([
      'crime-org',
      undefined,
      'C1_EG_crime-org/QG1',
    ])
    expect(upgraded.criteria.find(({ code }) => code === 'sme')?.sourceId).toBe('C65_OT_sme')
    expect(upgraded.criteria.find(({ code }) => code === 'gen-year-to')?.lots).toEqual(['LOT-0000'])
  })

  test('tells each thing that changed, by the field it was in', () => {
    expect(losses.map(({ field }) => field)).toEqual([
      '/edm/version',
      '/edm/ublVersion',
      '/edm/customizationId',
      '/edm/profileId',
      '/edm/kind',
      '/lots',
      '/procedureCode',
      '/criteria',
      '/criteria',
    ])
  })

  test('loses the criteria that version 4 dropped, with their answers, and says which', () => {
    const lots: DumeResponseCriterion = {
      uuid: '8b9700b7-b13c-41e6-a220-6bbf8d5fab31',
      code: 'lots-tendered',
      sourceCode: 'CRITERION.OTHER.EO_DATA.LOTS_TENDERED',
      family: 'other',
      name: 'Lots visés',
      groups: [],
    }
    const outcome = written(writeEspdResponse({ ...old, criteria: [...old.criteria, lots] }))
    expect(outcome.losses.find(({ field }) => field === `/criteria/${old.criteria.length}`)?.message.fr).toContain(
      'Lots visés',
    )
    expect(outcome.content).not.toContain('8b9700b7')
  })
})

describe('nothing is made up', () => {
  const whole = examined(read('response-4.1.0'))
  const missingIn = (change: Partial<DumeResponse>): readonly string[] => {
    const outcome = writeEspdResponse({ ...whole, ...change })
    return 'missing' in outcome ? outcome.missing.map(({ field }) => field) : []
  }
  const { role: _role, ...roleless } = whole.operator

  test.each<[string, Partial<DumeResponse>, readonly string[]]>([
    ['an operator without a role', { operator: roleless }, ['/operator/role']],
    ['a country that is none', { operator: { ...whole.operator, country: 'ZZ' } }, ['/operator/country']],
    ['two lots', { lots: ['LOT-0001', 'LOT-0002'] }, ['/lots']],
    [
      'an id without its agency',
      { operator: { ...whole.operator, ids: [{ value: '1' }] } },
      ['/operator/ids/0/agency'],
    ],
    ['no criteria', { criteria: [] }, ['/criteria', '/criteria']],
    ['a cited request without an id', { requestRef: { uuid: 'u' } }, ['/requestRef/id']],
  ])('%s is asked for', (_, change, missing) => {
    expect(missingIn(change)).toEqual(missing)
  })

  test('a request whose procedure has no equal in version 4 needs one', () => {
    const request = examined(read('request-2.1.1')) as unknown as DumeRequest
    const outcome = writeEspdRequest({ ...request, procedureCode: 'VDL' })
    expect('missing' in outcome && outcome.missing.map(({ field }) => field)).toEqual(['/procedureCode'])
  })
})

const shared = join(import.meta.dirname, '../../../../shared/data/espd')

describe.skipIf(!existsSync(shared))('the official samples', () => {
  const samples = [
    'v2.1.1/BASIC-ESPDRequest-2.1.1.xml',
    'v2.1.1/BASIC-ESPDResponse-2.1.1.xml',
    'v3.3.0/ESPD-Request.xml',
    'v3.3.0/ESPD-Response.xml',
    'v4.1.0/ESPD-Request.xml',
    'v4.1.0/ESPD-Response.xml',
  ]
  const countAnswers = (criteria: readonly Pick<DumeResponseCriterion, 'groups' | 'subCriteria'>[]): number => {
    const inGroup = ({ items, groups }: DumeResponseGroup): number =>
      items.reduce((sum, { answers = [] }) => sum + answers.length, 0) +
      groups.reduce((sum, group) => sum + inGroup(group), 0)
    return criteria.reduce(
      (sum, { groups, subCriteria = [] }) =>
        sum + groups.reduce((inner, group) => inner + inGroup(group), 0) + countAnswers(subCriteria),
      0,
    )
  }

  test.each(samples)('%s is accepted, and all its texts and answers are in the canonical form', (name) => {
    const bytes = readFileSync(join(shared, name))
    const { verdict, findings, records } = examineXml(bytes, { packs: 'none' })
    expect(verdict).toBe('accepted')
    expect(findings.map(({ rule }) => rule)).not.toContain('ESPD-NOT-CARRIED')
    const given = bytes.toString().split('<cac:TenderingCriterionResponse>').length - 1
    const canonical = records[0]?.canonical as DumeResponse | undefined
    expect(countAnswers(canonical?.criteria ?? [])).toBe(given)
  })

  test.each(samples.filter((name) => !name.includes('BASIC-ESPDResponse')))('%s is written in 4.1.0', (name) => {
    const canonical = examined(readFileSync(join(shared, name))) as DumeRequest | DumeResponse
    const outcome = canonical.kind === 'dume-request' ? writeEspdRequest(canonical) : writeEspdResponse(canonical)
    const again = examined(Buffer.from(written(outcome).content))
    if (!name.startsWith('v4.1.0')) expect(again.criteria.length).toBeGreaterThan(50)
    else {
      expect(again).toEqual(canonical)
      expect(written(outcome).losses).toEqual([])
    }
  })

  test('the basic response of 2.1.1 gives no role, which version 4 asks for', () => {
    const outcome = writeEspdResponse(examined(readFileSync(join(shared, 'v2.1.1/BASIC-ESPDResponse-2.1.1.xml'))))
    expect('missing' in outcome && outcome.missing.map(({ field }) => field)).toEqual(['/operator/role'])
  })
})

test.runIf(!existsSync(shared))('the official samples are not here: skipped', () => {
  process.stderr.write('official ESPD samples are not here: they are not read\n')
})
