// oxlint-disable-next-line no-restricted-imports -- tests read the example documents; the code under test reads nothing
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { examine } from '../examine.ts'
import { edited, noticeOf, toldOf } from './testing/example-notices.ts'

const examples = join(import.meta.dirname, '../../../schemas/examples/documents')

function document(name: string, ...edits: readonly (readonly [string, string])[]): Buffer {
  return edited(readFileSync(join(examples, name)), ...edits)
}

const text = '2026-10-02T12:00:00+02:00'
const served = '2026-10-02T10:00:00+00:00'
const onForm = String.raw`\"dateReceptionOffres\": \"${text}\"`
const onIndex = String.raw`\"DATE_LIMITE_REPONSE\": \"${text}\"`
const noForm = [onForm, String.raw`\"dateReceptionOffres\": \"\"`] as const
const noIndex = [onIndex, String.raw`\"DATE_LIMITE_REPONSE\": \"\"`] as const

type Edit = readonly [before: string, after: string]

function deadline(...edits: readonly Edit[]) {
  const bytes = document('boamp-fnsimple.json', ...edits)
  const examination = examine(bytes)
  const [notice] = examination.records
  const canonical = notice?.canonical
  const lots = canonical?.kind === 'notice' ? canonical.lots : []
  return { moments: lots.map(({ deadlines }) => deadlines?.tenders), told: toldOf(examination) }
}

describe('in an open-data record', () => {
  test('a text with its offset is an instant for every lot, and nothing is told', () => {
    const moment = { on: '2026-10-02', at: text, asWritten: text }
    expect(deadline()).toEqual({ moments: [moment, moment], told: [] })
  })

  test('a text without zone is read by the clock of Paris, and the label of the record is not believed', () => {
    const { moments, told } = deadline([text, '2026-10-02T12:00:00'], [served, '2026-10-02T12:00:00+00:00'])
    expect(moments[0]).toEqual({ on: '2026-10-02', at: text, asWritten: '2026-10-02T12:00:00' })
    expect(told).toEqual([
      'BOAMP-DEADLINE-PARIS /donnees/FNSimple/initial/procedure/dateReceptionOffres',
      'BOAMP-DEADLINE-RELABELLED /datelimitereponse',
    ])
  })

  test('in winter the clock of Paris has another offset', () => {
    const { moments } = deadline([text, '2026-12-02T12:00:00'], [served, '2026-12-02T12:00:00+00:00'])
    expect(moments[0]?.at).toBe('2026-12-02T12:00:00+01:00')
  })

  test.each(['971', '974', '976', '987', '988'])('overseas (%s) the instant is not guessed', (department) => {
    const { moments, told } = deadline(
      [text, '2026-10-02T12:00:00'],
      [served, '2026-10-02T12:00:00+00:00'],
      [String.raw`\"DEP_PUBLICATION\": \"69\"`, String.raw`\"DEP_PUBLICATION\": \"${department}\"`],
    )
    expect(moments[0]).toEqual({ on: '2026-10-02', asWritten: '2026-10-02T12:00:00' })
    expect(told[0]).toContain('BOAMP-DEADLINE-UNKNOWN')
  })

  test('an hour that is told twice is not guessed', () => {
    const { moments, told } = deadline([text, '2026-10-25T02:30:00'], [served, '2026-10-25T02:30:00+00:00'])
    expect(moments[0]).toEqual({ on: '2026-10-25', asWritten: '2026-10-25T02:30:00' })
    expect(told[0]).toContain('BOAMP-DEADLINE-UNKNOWN')
  })

  test('alone, the field of the record is no instant since 2024: its label may be true or false', () => {
    const { moments, told } = deadline(noForm, noIndex)
    expect(moments[0]).toEqual({ on: '2026-10-02', asWritten: served })
    expect(told).toEqual(['BOAMP-DEADLINE-UNKNOWN /datelimitereponse'])
  })

  test('alone, the field of an older record is one hour before the clock of Paris, in summer too', () => {
    const { moments, told } = deadline(
      noForm,
      noIndex,
      [served, '2019-07-25T11:00:00+00:00'],
      ['2026-09-03', '2019-07-01'],
    )
    expect(moments[0]).toEqual({
      on: '2019-07-25',
      at: '2019-07-25T12:00:00+02:00',
      asWritten: '2019-07-25T11:00:00+00:00',
    })
    expect(told).toEqual(['BOAMP-DEADLINE-FIXED-OFFSET /datelimitereponse'])
  })

  test('the form counts before the index, and their difference is told', () => {
    const { moments, told } = deadline([onIndex, onIndex.replace('-02T', '-05T')])
    expect(moments[0]?.at).toBe(text)
    expect(told).toEqual(['BOAMP-DEADLINE-CONFLICT /gestion/INDEXATION/DATE_LIMITE_REPONSE'])
  })

  test('a winter offset in summer is read as it is written, and told', () => {
    const { moments, told } = deadline([text, '2026-10-02T12:00:00+01:00'], [served, '2026-10-02T11:00:00+00:00'])
    expect(moments[0]?.at).toBe('2026-10-02T12:00:00+01:00')
    expect(told).toEqual(['BOAMP-DEADLINE-OFFSET /donnees/FNSimple/initial/procedure/dateReceptionOffres'])
  })

  test('a field of the record that says another day is told', () => {
    const { told } = deadline([served, '2026-10-09T10:00:00+00:00'])
    expect(told).toEqual(['BOAMP-DEADLINE-CONFLICT /datelimitereponse'])
  })

  test('what is no deadline is refused', () => {
    const { told } = deadline([onForm, String.raw`\"dateReceptionOffres\": \"vendredi midi\"`])
    expect(told).toEqual(['BOAMP-DEADLINE-FORM /donnees/FNSimple/initial/procedure/dateReceptionOffres'])
  })

  test('a deadline that is past is told when the day is known', () => {
    const bytes = document('boamp-fnsimple.json')
    const at = (now: string) => toldOf(examine(bytes, { now: new Date(now) }))
    expect(at('2026-10-02T09:59:59Z')).toEqual([])
    expect(at('2026-10-02T10:00:00Z')).toEqual(['HUB-DEADLINE-PAST /donnees/FNSimple/initial'])
  })
})

describe('in a document that somebody deposits', () => {
  test('a deadline without zone is refused', () => {
    const examination = examine(document('boamp-fnsimple.xml', [text, '2026-10-02T12:00:00']))
    expect(examination.verdict).toBe('refused')
    expect(toldOf(examination)).toEqual([
      'HUB-DEADLINE-ZONE /jo:ann/DONNEES/FNSimple/initial/procedure/dateReceptionOffres',
    ])
  })

  test('a deadline with its offset is an instant', () => {
    expect(noticeOf(document('boamp-fnsimple.xml')).lots[0]?.deadlines?.tenders?.at).toBe(text)
  })
})

test('the new deadline of a rectification is read where it stands in a field, never out of a sentence', () => {
  const sentence = String.raw`{\"ajouter\": \"La date limite de remise des offres est portée au vendredi 9 octobre à midi, au lieu du vendredi 2 octobre.\"}`
  const fields = String.raw`{\"modif\": {\"rubDelais\": \"ReceptionOffres\", \"auLieuDeDate\": \"2026-10-02T12:00:00+02:00\", \"lireDate\": \"2026-10-09T12:00:00+02:00\"}}`
  expect(noticeOf(document('boamp-rectificatif.json')).lots[0]?.deadlines).toBeUndefined()
  const { lots, change } = noticeOf(document('boamp-rectificatif.json', [sentence, fields]))
  expect(lots[0]?.deadlines?.tenders?.at).toBe('2026-10-09T12:00:00+02:00')
  expect(change?.changes?.[0]?.description?.text).toContain('auLieuDeDate : 2026-10-02T12:00:00+02:00')
})
