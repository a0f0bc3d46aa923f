import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { arbitraryNotice } from './testing/arbitrary-notice.ts'
import { parsed } from './examined.ts'
import { explainNotice } from './explain.ts'
import { type Table, noticeTable } from './table.ts'
import { sequences } from './write-order.ts'
import { writeEforms } from './write.ts'
import type { Notice } from '@socle/schemas'

/** The business fields a hub needs: a consultation's, then an award's (numbers of the eForms SDK). */
const needed = `
BT-701-notice BT-757-notice BT-04-notice OPT-002-notice OPP-070-notice BT-02-notice BT-03-notice BT-01-notice
BT-05(a)-notice BT-05(b)-notice BT-803(d)-notice BT-738-notice BT-702(a)-notice BT-758-notice BT-140-notice
OPT-200-Organization-Company BT-501-Organization-Company BT-500-Organization-Company BT-513-Organization-Company
BT-512-Organization-Company BT-507-Organization-Company BT-514-Organization-Company BT-506-Organization-Company
OPT-300-Procedure-Buyer BT-11-Procedure-Buyer BT-10-Procedure-Buyer BT-508-Procedure-Buyer BT-105-Procedure
BT-106-Procedure BT-21-Procedure BT-24-Procedure BT-22-Procedure BT-23-Procedure BT-262-Procedure BT-263-Procedure
BT-27-Procedure BT-271-Procedure BT-5071-Procedure BT-5121-Procedure BT-728-Procedure BT-137-Lot BT-21-Lot BT-24-Lot
BT-262-Lot BT-27-Lot BT-36-Lot BT-536-Lot BT-537-Lot BT-58-Lot BT-765-Lot BT-766-Lot BT-767-Lot BT-71-Lot BT-774-Lot
BT-775-Lot BT-776-Lot BT-60-Lot BT-14-Lot BT-15-Lot BT-615-Lot BT-17-Lot BT-18-Lot BT-97-Lot BT-744-Lot BT-63-Lot
BT-131(d)-Lot BT-131(t)-Lot BT-1311(d)-Lot BT-13(d)-Lot BT-132(d)-Lot BT-98-Lot BT-539-Lot BT-540-Lot
BT-541-Lot-WeightNumber BT-115-Lot OPT-301-Lot-ReviewOrg BT-127-notice
BT-161-NoticeResult BT-118-NoticeResult OPT-322-LotResult BT-13713-LotResult BT-142-LotResult BT-144-LotResult
BT-760-LotResult BT-759-LotResult BT-709-LotResult BT-710-LotResult BT-711-LotResult OPT-320-LotResult
OPT-315-LotResult OPT-321-Tender BT-3201-Tender BT-13714-Tender BT-720-Tender BT-171-Tender BT-773-Tender BT-553-Tender
BT-555-Tender BT-162-Tender BT-160-Tender OPT-310-Tender OPT-210-Tenderer OPT-300-Tenderer OPT-301-Tenderer-SubCont
BT-165-Organization-Company OPT-316-Contract BT-150-Contract BT-721-Contract BT-1451-Contract BT-145-Contract
BT-768-Contract OPT-100-Contract BT-3202-Contract BT-1501(c)-Contract BT-1501(n)-Contract BT-200-Contract
BT-202-Contract BT-195(BT-720)-Tender`
  .trim()
  .split(/\s+/)

const tables: readonly Table[] = inner(noticeTable)

function inner(table: Table): Table[] {
  return [table, ...table.groups.flatMap((group) => inner(group.table))]
}

test('every field a hub needs of a notice and of an award has its line', () => {
  const names = new Set(tables.flatMap(({ rows, withholdable }) => [...rows, ...withholdable].map(({ name }) => name)))
  expect(needed).toHaveLength(118)
  expect(needed.filter((name) => !names.has(name))).toEqual([])
})

test('no field has two lines, and no property two fields but a day and its time', () => {
  const names = tables.flatMap(({ rows }) => rows.map(({ name }) => name))
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
  for (const { rows } of tables) {
    const own = rows.filter(({ type, property }) => type.isTimeOfDay !== true && property[0] !== '-')
    const properties = own.map(({ property }) => property.join('.'))
    expect(properties.filter((each, index) => properties.indexOf(each) !== index)).toEqual([])
  }
})

describe('every element that is written has its place among its brothers', () => {
  const parents = tables.flatMap(({ rows, groups }) =>
    [...rows, ...groups].flatMap(({ steps }) => steps.map((step, index) => [steps[index - 1]?.qname, step.qname])),
  )

  test.each([...new Set(parents.flatMap(([parent]) => (parent === undefined ? [] : [parent])))])('in %s', (parent) => {
    const children = new Set(parents.filter(([above]) => above === parent).map(([, name]) => name))
    const order = (sequences[parent] ?? '').trim().split(/\s+/)
    if (children.size > 1) expect([...children].filter((name) => !order.includes(name ?? ''))).toEqual([])
  })
})

test('the notices made for property tests have every field at least once', () => {
  const seen = new Set<string>()
  for (const notice of fc.sample(arbitraryNotice, { numRuns: 60, seed: 4 })) {
    const written = writeEforms(notice as unknown as Notice)
    if ('missing' in written) throw new Error(JSON.stringify(written.missing))
    const root = parsed(written.content)
    for (const { name, state } of explainNotice(root, { format: 'eforms', version: undefined, label: '' })) {
      if (name !== undefined && (state === 'present' || state === 'withheld')) seen.add(name)
    }
  }
  const names = tables.flatMap(({ rows }) =>
    rows.filter(({ property, typeName }) => property[0] !== '-' && typeName !== 'dummyDay').map(({ name }) => name),
  )
  // The unit of a quantity needs the quantity beside it, which one notice in four has: not in every sample.
  expect(names.filter((name) => !seen.has(name))).toEqual([])
})
