// oxlint-disable-next-line no-restricted-imports -- tests read the example documents; the code under test reads nothing
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Notice } from '@socle/schemas'
import { describe, expect, test } from 'vitest'
import { type Examined, examined, parsed } from './examined.ts'
import { readNotice } from './read-notice.ts'

const examples = join(import.meta.dirname, '../../../schemas/examples')
const notice = readFileSync(join(examples, 'documents/eforms-cn-16.xml'), 'utf8')

/** The example with its first occurrence of a text replaced; an edit that finds nothing is a fault of the test. */
function edited(...edits: readonly (readonly [from: string | RegExp, to: string])[]): Examined {
  let text = notice
  for (const [from, to] of edits) {
    const next = text.replace(from, to)
    if (next === text) throw new Error(`nothing to edit: ${String(from)}`)
    text = next
  }
  return examined(text)
}

function canonicalOf({ canonical }: Examined): Notice {
  return canonical as Notice
}

test('the example notice becomes its canonical form, field by field', () => {
  const expected: unknown = JSON.parse(readFileSync(join(examples, 'notice/valid-eforms-16.json'), 'utf8'))
  expect(canonicalOf(examined(notice))).toEqual(expected)
})

test.each([
  ['eforms-can-29.xml', 'valid-eforms-29.json'],
  ['eforms-pin-4.xml', 'valid-eforms-4.json'],
])('%s becomes %s: results, tenders, parties and contracts are objects that cite each other', (source, canonical) => {
  const expected: unknown = JSON.parse(readFileSync(join(examples, 'notice', canonical), 'utf8'))
  expect(examined(readFileSync(join(examples, 'documents', source), 'utf8')).canonical).toEqual(expected)
})

test('what a lot, a group of lots or a part is told by its id where the scheme is left out', () => {
  const inOrder = ['LOT-0001', 'GLO-0001', 'PAR-0001'].map(
    (id) => `<cac:ProcurementProjectLot><cbc:ID>${id}</cbc:ID></cac:ProcurementProjectLot>`,
  )
  const bare = notice.replace(/<cac:ProcurementProjectLot>[^]*<\/cac:ProcurementProjectLot>/, inOrder.join(''))
  const { notice: read } = readNotice(parsed(bare), [])
  expect([read.lots, read.lotGroups, read.parts].map((list) => list?.map(({ id }) => id))).toEqual([
    ['LOT-0001'],
    ['GLO-0001'],
    ['PAR-0001'],
  ])
})

test('a publication number is kept without the zeros that only the notice itself prints', () => {
  const reference = (id: string) =>
    `<cac:NoticeDocumentReference><cbc:ID schemeName="ojs-notice-id">${id}</cbc:ID></cac:NoticeDocumentReference>`
  const publication =
    '<efac:Publication><efbc:NoticePublicationID schemeName="ojs-notice-id">00183632-2026</efbc:NoticePublicationID></efac:Publication>'
  const examination = edited(
    ['</cac:TenderingProcess>', `${reference('183632-2026')}</cac:TenderingProcess>`],
    ['</efac:Organizations>', `</efac:Organizations>${publication}`],
  )
  const { procedure, publication: published } = canonicalOf(examination)
  expect([published?.number, procedure?.previousNotices]).toEqual(['183632-2026', ['183632-2026']])
})

describe('what is asked of French buyers alone', () => {
  test('a buyer of another country keeps whatever id it has', () => {
    const examination = edited(
      ['>21690123100011<', '>DE 123<'],
      ['>FRA</cbc:IdentificationCode>', '>DEU</cbc:IdentificationCode>'],
    )
    expect([examination.verdict, examination.findings]).toEqual(['accepted', []])
    expect(canonicalOf(examination).organisations[0]?.id).toEqual({ scheme: 'OTHER', value: 'DE 123' })
  })

  test('a French organisation that does not buy owes no SIRET', () => {
    const examination = edited(['>17990001400012<', '>Tribunal n° 4<'])
    expect(examination.findings).toEqual([])
    expect(canonicalOf(examination).organisations[1]?.id).toEqual({ scheme: 'OTHER', value: 'Tribunal n° 4' })
  })

  test('a SIRET written with blanks is read without them, and the repair is told with before and after', () => {
    const examination = edited(['>21690123100011<', '>216 901 231 00011<'])
    expect(examination.findings).toMatchObject([
      { rule: 'HUB-SIRET-SPACES', value: '216 901 231 00011', expected: '21690123100011' },
    ])
    expect(canonicalOf(examination).organisations[0]?.id).toEqual({ scheme: 'SIRET', value: '21690123100011' })
  })
})

describe('moments', () => {
  test('the offset of the time says when the deadline is', () => {
    const tenders = canonicalOf(edited(['<cbc:EndTime>12:00:00+02:00<', '<cbc:EndTime>10:00:00Z<'])).lots[0]?.deadlines
      ?.tenders
    expect(tenders).toEqual({ on: '2026-04-13', at: '2026-04-13T10:00:00Z', asWritten: '2026-04-13+02:00 10:00:00Z' })
  })

  test('a deadline already past is told when the time of the examination is given', () => {
    const at = (now?: Date) => examined(notice, now)
    const past = at(new Date('2026-04-13T10:00:00Z'))
    // Once for the two lots that share it.
    expect(past.findings.map(({ rule, value }) => [rule, value])).toEqual([
      ['HUB-DEADLINE-PAST', '2026-04-13+02:00 12:00:00+02:00'],
    ])
    expect(past.verdict).toBe('accepted')
    expect(at(new Date('2026-04-13T09:59:59Z')).findings).toEqual([])
    expect(at().findings).toEqual([])
  })

  test('a change notice may carry a deadline already past when it is sent', () => {
    const changes =
      '<efac:Changes><efbc:ChangedNoticeIdentifier>123456-2026</efbc:ChangedNoticeIdentifier><efac:ChangeReason><cbc:ReasonCode>update-add</cbc:ReasonCode></efac:ChangeReason></efac:Changes>'
    const examination = edited(
      ['<efac:NoticeSubType>', `${changes}<efac:NoticeSubType>`],
      ['>2026-04-13+02:00<', '>2026-04-04+02:00<'],
      ['>2026-03-02+01:00</cbc:IssueDate>', '>2026-04-05+02:00</cbc:IssueDate>'],
    )
    expect(examination.findings.filter(({ rule }) => rule === 'EFORMS-DEADLINE-ORDER')).toEqual([])
    expect(canonicalOf(examination).change).toEqual({ changedNotice: '123456-2026', reason: 'update-add' })
  })
})

test('texts in several languages: that of the notice first, the others kept', () => {
  const examination = edited([
    '<cbc:Name languageID="FRA">Rénovation',
    '<cbc:Name languageID="DEU">Sanierung</cbc:Name><cbc:Name languageID="FRA">Rénovation',
  ])
  expect(canonicalOf(examination).title).toMatchObject({ language: 'FRA', translations: { DEU: 'Sanierung' } })
})

test('restricted documents are not published as free ones', () => {
  const [documents] =
    canonicalOf(edited(['>non-restricted-document<', '>restricted-document<'])).lots[0]?.documents ?? []
  expect(documents?.url).toBeUndefined()
  expect(documents?.restrictedUrl).toContain('/dce')
})

test('the placeholder award date is never read', () => {
  const examination = edited([
    '<cac:ProcurementProject>',
    '<cac:TenderResult><cbc:AwardDate>2000-01-01+01:00</cbc:AwardDate></cac:TenderResult><cac:ProcurementProject>',
  ])
  expect(JSON.stringify(canonicalOf(examination))).not.toContain('2000-01-01')
})

test('every finding says which field, in both languages, and where the rule comes from', () => {
  const [found] = edited(['>open<', '>ouverte<']).findings
  expect(found?.message.fr).toContain('BT-105-Procedure')
  expect(found?.message.en).toContain('BT-105-Procedure')
  expect(found?.source).toContain('SDK eForms')
})
