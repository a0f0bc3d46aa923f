// oxlint-disable-next-line no-restricted-imports -- tests read the example documents; the code under test reads nothing
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { FieldExplanation } from '../translation.ts'
import { detectXml } from '../xml/detect.ts'
import { parsed } from './examined.ts'
import { explainNotice } from './explain.ts'
import { readNotice } from './read-notice.ts'
import { unread } from './unread.ts'

const examples = join(import.meta.dirname, '../../../schemas/examples/documents')
const award = readFileSync(join(examples, 'eforms-can-29.xml'), 'utf8')
const call = readFileSync(join(examples, 'eforms-cn-16.xml'), 'utf8')

/** What an SDK says of forms: an award has no deadline for tenders, a call has no award. */
function isNotApplicable(field: string, subtype: string): boolean {
  return subtype === '29' ? field.startsWith('BT-131') : /Tender$|Result$/.test(field)
}

function explained(text: string): FieldExplanation[] {
  const root = parsed(text)
  return explainNotice(root, detectXml(root), isNotApplicable)
}

function at(list: readonly FieldExplanation[], field: string): FieldExplanation[] {
  return list.filter((each) => each.field === field)
}

const tender =
  '/ContractAwardNotice/ext:UBLExtensions/ext:UBLExtension/ext:ExtensionContent/efext:EformsExtension/efac:NoticeResult/efac:LotTender'

describe('the four states of a field', () => {
  const fields = explained(award)

  test('present: its value, and where it stands', () => {
    expect(at(fields, '/award/tenders/0/value')).toEqual([
      {
        field: '/award/tenders/0/value',
        name: 'BT-720-Tender',
        state: 'present',
        source: `${tender}/cac:LegalMonetaryTotal/cbc:PayableAmount`,
        value: '3512400.00',
      },
    ])
  })

  test('withheld: until when, though the buyer already gave the value', () => {
    expect(at(fields, '/award/tenders/0/rank')).toMatchObject([{ state: 'withheld', until: '2027-08-06', value: '1' }])
  })

  test('absent: where it would stand', () => {
    const source = `${tender}/efac:Origin/efbc:AreaCode`
    expect(at(fields, '/award/tenders/0/originCountries')).toMatchObject([{ state: 'absent', source }])
  })

  test('not applicable: the form has no place for it', () => {
    expect(at(fields, '/lots/0/deadlines/tenders').map(({ name, state }) => [name, state])).toEqual([
      ['BT-131(d)-Lot', 'not-applicable'],
      ['BT-131(t)-Lot', 'not-applicable'],
    ])
  })

  test('fields of objects that are not there are told at the place of the first one', () => {
    expect(at(explained(call), '/award/tenders/0/value')).toMatchObject([{ state: 'not-applicable' }])
    expect(at(explained(call), '/modifications/0/reason')).toMatchObject([{ state: 'absent' }])
  })
})

test('what is withheld without being given is withheld, not absent', () => {
  const hidden = award.replace('<cbc:RankCode>1</cbc:RankCode>', '')
  const [rank] = at(explained(hidden), '/award/tenders/0/rank')
  expect(rank).toMatchObject({ state: 'withheld', until: '2027-08-06' })
  expect(rank?.value).toBeUndefined()
})

test('every place told as present is a place of the canonical form', () => {
  for (const text of [award, call]) {
    const { notice } = readNotice(parsed(text), [])
    for (const { field, state, name } of explained(text)) {
      if (state === 'present') expect(valueAt(notice, field), `${field} ${name ?? ''}`).toBeDefined()
    }
  }
})

function valueAt(value: unknown, pointer: string): unknown {
  let here: unknown = value
  for (const name of pointer.split('/').slice(1)) here = (here as Record<string, unknown> | undefined)?.[name]
  return here
}

test('a touch point is told at its place in the flat list of organisations', () => {
  const point =
    '<efac:TouchPoint><cac:PartyIdentification><cbc:ID>TPO-0001</cbc:ID></cac:PartyIdentification><cac:PartyName><cbc:Name languageID="FRA">Service des marchés</cbc:Name></cac:PartyName></efac:TouchPoint>'
  const text = call.replace('</efac:Company>', `</efac:Company>${point}`)
  expect(at(explained(text), '/organisations/2/name')).toMatchObject([{ value: 'Service des marchés' }])
  const { notice } = readNotice(parsed(text), [])
  expect(notice.organisations[2]).toMatchObject({ ref: 'TPO-0001', touchPointOf: 'ORG-0001' })
})

describe('what no field reads', () => {
  test('our examples hold nothing that is not read', () => {
    expect([...unread(parsed(award)), ...unread(parsed(call))]).toEqual([])
  })

  test('an element no field knows and a second value where there is room for one are named', () => {
    const text = call
      .replace(
        '<cbc:VersionID>',
        '<cbc:Note>Dossier complet</cbc:Note><cbc:CopyIndicator>false</cbc:CopyIndicator><cbc:VersionID>',
      )
      .replace('</cbc:ContractFolderID>', '</cbc:ContractFolderID><cbc:ContractFolderID>autre</cbc:ContractFolderID>')
    expect(unread(parsed(text)).sort()).toEqual([
      '/ContractNotice/cbc:ContractFolderID[2]',
      '/ContractNotice/cbc:CopyIndicator',
    ])
  })

  test('an empty element says nothing and is not named', () => {
    expect(unread(parsed(call.replace('<cbc:VersionID>', '<cbc:CopyIndicator/><cbc:VersionID>')))).toEqual([])
  })
})
