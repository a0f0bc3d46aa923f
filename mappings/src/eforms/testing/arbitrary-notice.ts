import * as fc from 'fast-check'
import { formKindOf, subtypes } from '../forms.ts'
import type { Draft } from '../read-tree.ts'
import { type Group, type Row, type Table, type Withholdable, noticeTable } from '../table.ts'
import { arbitraryValue } from './arbitrary-value.ts'

/** Objects of the notice that are made apart: the list of organisations is flat in the canonical form. */
const apart = new Set(['organisations', 'buyers', 'form', 'dispatchedAt', 'language', 'id', 'version', '-'])

/**
 * Any notice that the field tables can say, for property tests: each property may be there or not. Values are made from
 * the type of their row, so that a new line of a table is tested without a word more.
 */
export const arbitraryNotice: fc.Arbitrary<Draft> = fc
  .record({
    subtype: fc.constantFrom(...subtypes.filter((each) => formKindOf(each)?.formType !== 'bri')),
    tree: arbitraryObject(noticeTable),
    organisations: arbitraryOrganisations(),
    buyers: fc.array(arbitraryObject(tableOf('buyer')), { minLength: 1, maxLength: 2 }),
  })
  .map(({ subtype, tree, organisations, buyers }) => {
    const kind = formKindOf(subtype)
    return {
      lots: [],
      ...tree,
      ...(tree['nature'] === undefined ? {} : { nature: 'works' }),
      kind: 'notice',
      form: {
        format: 'eforms',
        version: 'eforms-sdk-1.13',
        subtype,
        noticeType: kind?.noticeType,
        formType: kind?.formType,
        legalBasis: '32014L0024',
      },
      id: '3a9c41d7-6e52-4f0b-8b1a-5d7e90c2f384',
      version: '01',
      dispatchedAt: '2026-03-02T09:15:58+01:00',
      language: 'FRA',
      organisations,
      buyers: buyers.map((buyer) => ({ ...buyer, organisation: 'ORG-0001' })),
    }
  })

function tableOf(name: string, within: Table = noticeTable): Table {
  const found = findTable(name, within)
  if (found === undefined) throw new Error(`no table ${name}`)
  return found
}

function findTable(name: string, within: Table): Table | undefined {
  if (within.name === name) return within
  for (const { table } of within.groups) {
    const found = findTable(name, table)
    if (found !== undefined) return found
  }
  return undefined
}

type Property = readonly [path: readonly string[], value: fc.Arbitrary<unknown>]

function arbitraryObject(table: Table): fc.Arbitrary<Draft> {
  const isRoot = table === noticeTable
  const rows = table.rows.filter(({ property, type }) => {
    return !(isRoot && apart.has(property[0] ?? '')) && property[0] !== '-' && type.isTimeOfDay !== true
  })
  const properties: Property[] = [
    ...rows.map((row): Property => [row.property, arbitraryRow(row)]),
    ...table.groups
      .filter(({ property }) => !(isRoot && apart.has(property[0] ?? '')))
      .map((group): Property => [group.property, arbitraryGroup(group)]),
  ]
  if (table.withholdable.length > 0) properties.push([['withheld'], arbitraryWithheld(table.withholdable)])
  return fc.tuple(...properties.map(([, value]) => fc.option(value, { nil: undefined, freq: 2 }))).map((values) => {
    const made: Draft = {}
    for (const [index, [path]] of properties.entries()) put(made, path, values[index])
    return consistent(made, table)
  })
}

function put(made: Draft, [first = '', second]: readonly string[], value: unknown): void {
  if (value === undefined) return
  if (second === undefined) made[first] = value
  else made[first] = { ...(made[first] as object | undefined), [second]: value }
}

function arbitraryRow(row: Row): fc.Arbitrary<unknown> {
  const value = arbitraryValue(row.typeName)
  if (row.type.isSoleOfList === true) return value.map((each) => [each])
  return row.isList ? fc.array(value, { minLength: 1, maxLength: 2 }) : value
}

function arbitraryGroup({ isList, table }: Group): fc.Arbitrary<unknown> {
  const object = arbitraryObject(table).filter((each) => Object.keys(each).length > 0)
  return isList ? fc.array(object, { minLength: 1, maxLength: 2 }) : object
}

function arbitraryWithheld(among: readonly Withholdable[]): fc.Arbitrary<unknown> {
  const text = fc.constantFrom({ text: 'Secret des affaires', language: 'FRA' })
  const said = fc.record(
    { reason: fc.constantFrom('fair-comp', 'law-enf'), justification: text, until: fc.constantFrom('2027-01-01') },
    { requiredKeys: [] },
  )
  return fc
    .subarray([...among], { minLength: 1, maxLength: Math.min(3, among.length) })
    .chain((chosen) => fc.tuple(...chosen.map(({ property }) => said.map((each) => ({ property, ...each })))))
}

/** What two fields of one element say together: the source cannot say one thing in each. */
function consistent(made: Draft, { name }: Table): Draft {
  const codes: Readonly<Record<string, Draft>> = {
    lot: { id: made['id'] ?? 'LOT-0001' },
    vehicleInformation: { category: 'veh-acq' },
    energyResult: { item: 'prod', consumptionMetric: 'nrg-con-yr', savingsMetric: 'nrg-sav-yr' },
    internationalMeasure: { code: 'adj-scr' },
  }
  if (name === 'documents') {
    const { url, restrictedUrl, ...rest } = made
    if (restrictedUrl !== undefined) return { ...rest, access: 'restricted-document', restrictedUrl }
    return url === undefined ? rest : { ...rest, access: 'non-restricted-document', url }
  }
  if (name === 'lotTender' && made['revenueAllocation'] !== undefined)
    return { ...made, revenueAllocation: { ...(made['revenueAllocation'] as Draft), code: 'all-rev-tic' } }
  return { ...made, ...codes[name] }
}

function arbitraryOrganisations(): fc.Arbitrary<Draft[]> {
  const named = (table: Table) =>
    fc.record({
      flat: arbitraryObject({ ...table, rows: table.rows.filter(({ property }) => !isName(property)), groups: [] }),
      name: fc.constantFrom('Commune de Villeneuve-Exemple', 'Tribunal d’Exemple'),
      language: fc.option(fc.constantFrom({ nameLanguage: 'ENG' }, { nameTranslations: { DEU: 'Gemeinde' } }), {
        nil: {},
      }),
    })
  return fc
    .record({
      company: named(tableOf('organisation')),
      ids: fc.constantFrom({}, { id: id('1') }, { id: id('1'), otherIds: [id('2')] }),
      points: fc.array(named(tableOf('touchPoint')), { maxLength: 2 }),
    })
    .map(({ company, ids, points }) => [
      { ...company.flat, ...ids, ...company.language, ref: 'ORG-0001', name: company.name },
      ...points.map(({ flat, name, language }, index) => {
        return { ...flat, ...language, name, ref: `TPO-000${index + 1}`, touchPointOf: 'ORG-0001' }
      }),
    ])
}

function isName([first]: readonly string[]): boolean {
  return first === 'name' || first === 'ids' || first === 'ref'
}

function id(value: string): Draft {
  return { scheme: 'OTHER', value }
}
