// oxlint-disable-next-line no-restricted-imports -- tests read the example documents; the code under test reads nothing
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type DumeRequest,
  type DumeResponse,
  type DumeResponseCriterion,
  type DumeResponseGroup,
  type DumeResponseItem,
  isAccepted,
} from '@socle/schemas'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { examineXml } from '../xml/examine.ts'
import { compareWithRequest } from './compare.ts'

const examples = join(import.meta.dirname, '../../../schemas/examples/documents')
const shared = join(import.meta.dirname, '../../../../shared/data/espd')
const canonicalIn = (path: string): unknown => examineXml(readFileSync(path), { packs: 'none' }).records[0]?.canonical
const request = canonicalIn(join(examples, 'espd-request-4.1.0.xml')) as DumeRequest
const response = canonicalIn(join(examples, 'espd-response-4.1.0.xml')) as DumeResponse

type ChangeItems = (items: readonly DumeResponseItem[]) => readonly DumeResponseItem[]

/** The response with one of its items changed or left out, by the place of the item in the whole document. */
function withItem(place: number, change: (item: DumeResponseItem) => readonly DumeResponseItem[]): DumeResponse {
  let at = -1
  const items: ChangeItems = (own) => own.flatMap((item) => ((at += 1) === place ? change(item) : [item]))
  const inGroup = (group: DumeResponseGroup): DumeResponseGroup => ({
    ...group,
    items: items(group.items),
    groups: group.groups.map(inGroup),
  })
  const inCriterion = (criterion: DumeResponseCriterion): DumeResponseCriterion => ({
    ...criterion,
    groups: criterion.groups.map(inGroup),
  })
  return { ...response, criteria: response.criteria.map(inCriterion) }
}

const itemsOf = (groups: readonly DumeResponseGroup[]): DumeResponseItem[] =>
  groups.flatMap((group) => [...group.items, ...itemsOf(group.groups)])
const items = response.criteria.flatMap(({ groups }) => itemsOf(groups))
const places = fc.integer({ min: 0, max: items.length - 1 })

describe('a response and its request', () => {
  test('a faithful copy is told nothing, whatever it answers', () => {
    expect(compareWithRequest(response, request)).toEqual([])
    fc.assert(
      fc.property(places, fc.string(), (place, text) => {
        const other = withItem(place, (item) => [{ ...item, answers: [{ value: { text } }] }])
        expect(compareWithRequest(other, request)).toEqual([])
      }),
    )
  })

  test('any question or requirement left out is a refusal that names it', () => {
    fc.assert(
      fc.property(places, (place) => {
        const found = compareWithRequest(
          withItem(place, () => []),
          request,
        )
        expect(found.map(({ rule, value }) => [rule, value])).toEqual([['ESPD-ASKED-QUESTION', items[place]?.sourceId]])
      }),
    )
  })

  test('any change of what the buyer fixed is a refusal that says what it was', () => {
    const changes: fc.Arbitrary<Partial<DumeResponseItem>> = fc.oneof(
      fc.record({ minimum: fc.record({ amount: fc.record({ amount: fc.constant('1.00') }) }) }),
      fc.record({ maximum: fc.record({ number: fc.constant('1') }) }),
      fc.record({ expected: fc.record({ text: fc.constant('autre') }) }),
      fc.record({ type: fc.constant('TIME') }),
      fc.record({ unit: fc.constant('C62') }),
    )
    fc.assert(
      fc.property(places, changes, (place, change) => {
        const found = compareWithRequest(
          withItem(place, (item) => [{ ...item, ...change }]),
          request,
        )
        expect(isAccepted(found)).toBe(false)
        expect(found.every(({ value, expected }) => value !== expected)).toBe(true)
      }),
    )
  })

  test('a group repeated for more answers does not shift what follows', () => {
    const turnover = response.criteria.findIndex(({ code }) => code === 'gen-year-to')
    const repeated = response.criteria.map((criterion, index) => {
      const [first, ...others] = criterion.groups
      if (index !== turnover || first === undefined) return criterion
      const [inner, ...rest] = first.groups
      return inner === undefined
        ? criterion
        : { ...criterion, groups: [{ ...first, groups: [inner, { ...inner, key: 'RG1/QSG2' }, ...rest] }, ...others] }
    })
    expect(compareWithRequest({ ...response, criteria: repeated }, request)).toEqual([])
  })

  test('a question that took the place of another one left out does not hide it', () => {
    const [first, second] = items
    const place = items.findIndex(({ key }) => key === 'crime-org/QG1/QSG1/Q1')
    expect([first, second].every((item) => item !== undefined)).toBe(true)
    const shifted = withItem(place, () => [])
    const renamed = JSON.parse(
      JSON.stringify(shifted).replace('crime-org/QG1/QSG1/Q2', 'crime-org/QG1/QSG1/Q1'),
    ) as DumeResponse
    expect(compareWithRequest(renamed, request).map(({ rule }) => rule)).toEqual(['ESPD-ASKED-QUESTION'])
  })

  test('a criterion asked twice, for two lots, is held against its own copy', () => {
    const turnover = request.criteria.find(({ code }) => code === 'gen-year-to')
    const copy = JSON.parse(
      JSON.stringify(turnover)
        .replaceAll('C29_SC_', 'C29-2_SC_')
        .replaceAll('LOT-0001', 'LOT-0002')
        .replace('4000000', '9000000'),
    ) as DumeResponseCriterion
    const twice = [...request.criteria, copy]
    expect(
      compareWithRequest({ ...response, criteria: [copy, ...response.criteria] }, { ...request, criteria: twice }),
    ).toEqual([])
    const weaker = { ...response, criteria: [...response.criteria, copy] }
    expect(compareWithRequest(weaker, request).map(({ rule }) => rule)).toEqual(
      expect.arrayContaining(['ESPD-ASKED-ADDED', 'ESPD-ASKED-VALUE']),
    )
  })

  test('criteria of other lots may be left out of a response for one lot', () => {
    const forOther = { ...response, lots: ['LOT-0002'] }
    const without = forOther.criteria.filter(({ family }) => family !== 'selection')
    expect(compareWithRequest({ ...forOther, criteria: without }, request)).toEqual([])
    expect(
      compareWithRequest({ ...response, criteria: without }, request).map(({ rule, value }) => [rule, value]),
    ).toEqual([
      ['ESPD-ASKED-CRITERION', 'gen-year-to'],
      ['ESPD-ASKED-CRITERION', 'suncont-port'],
    ])
  })
})

describe.skipIf(!existsSync(shared))('the official pairs', () => {
  test.each([
    ['v2.1.1/BASIC-ESPDRequest-2.1.1.xml', 'v2.1.1/BASIC-ESPDResponse-2.1.1.xml'],
    ['v3.3.0/ESPD-Request.xml', 'v3.3.0/ESPD-Response.xml'],
    ['v4.1.0/ESPD-Request.xml', 'v4.1.0/ESPD-Response.xml'],
  ])('%s is answered unchanged', (asked, answered) => {
    const [buyer, candidate] = [asked, answered].map((name) => canonicalIn(join(shared, name)))
    expect(compareWithRequest(candidate as DumeResponse, buyer as DumeRequest)).toEqual([])
  })
})

test.runIf(!existsSync(shared))('the official samples are not here: skipped', () => {
  process.stderr.write('official ESPD samples are not here: they are not compared\n')
})
