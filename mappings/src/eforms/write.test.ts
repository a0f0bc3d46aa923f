// oxlint-disable-next-line no-restricted-imports -- tests read the example documents; the code under test reads nothing
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Notice } from '@socle/schemas'
import { describe, expect, test } from 'vitest'
import { examined, parsed } from './examined.ts'
import { isRebased, withStandardBytes, withStandardNamespaces } from './rebase.ts'
import { unread } from './unread.ts'
import { writeEforms } from './write.ts'

const examples = join(import.meta.dirname, '../../../schemas/examples')
const text = readFileSync(join(examples, 'documents/eforms-cn-16.xml'), 'utf8')
const notice = JSON.parse(readFileSync(join(examples, 'notice/valid-eforms-16.json'), 'utf8')) as Notice

function written(from: Notice): string {
  const result = writeEforms(from)
  if ('missing' in result) throw new Error(JSON.stringify(result.missing))
  return result.content
}

test('a notice keeps its SDK version and its form, and technical ids get their scheme', () => {
  const content = written(notice)
  expect(content).toContain('<cbc:CustomizationID>eforms-sdk-1.13</cbc:CustomizationID>')
  expect(content).toContain('<cbc:ID schemeName="organization">ORG-0001</cbc:ID>')
  expect(examined(content).canonical).toEqual(notice)
})

test('what UBL asks for and no field gives is written: its version, and the date of award that means nothing', () => {
  const award = JSON.parse(readFileSync(join(examples, 'notice/valid-eforms-29.json'), 'utf8')) as Notice
  expect(written(award)).toContain('<cbc:AwardDate>2000-01-01Z</cbc:AwardDate>')
  expect(written(notice)).not.toContain('AwardDate')
  expect(written(notice)).toContain('<cbc:UBLVersionID>2.3</cbc:UBLVersionID>')
})

test('a day whose source gave no other offset gets that of the dispatch', () => {
  const overseas = { ...notice, dispatchedAt: '2026-03-02T12:15:58+04:00', requestedPublicationOn: '2026-03-09' }
  expect(written(overseas)).toContain('<cbc:RequestedPublicationDate>2026-03-09+04:00<')
})

test('a day keeps the offset of its source, and codes and ids the names of their lists', () => {
  const source = text
    .replace('<cbc:CompanyID>', '<cbc:CompanyID schemeName="national">')
    .replace('listName="nuts"', 'listName="nuts3"')
    .replace(/<efbc:TransmissionDate>[^<]+</, '<efbc:TransmissionDate>2026-03-02Z<')
  const read = examined(source).canonical as Notice
  const content = written(read)
  for (const kept of ['schemeName="national"', 'listName="nuts3"', '<efbc:TransmissionDate>2026-03-02Z<'])
    expect([kept, source.includes(kept), content.includes(kept)]).toEqual([kept, true, true])
  expect(read.marks).toEqual({ transmittedOn: { offset: 'Z' } })
})

test('a real day of award that UBL asks for is kept, with its offset', () => {
  const award = readFileSync(join(examples, 'documents/eforms-can-29.xml'), 'utf8')
  const real = award.replace(/(<cac:TenderResult>\s*<cbc:AwardDate>)[^<]+/, '$12026-02-03+02:00')
  expect(real).not.toBe(award)
  expect(written(examined(real).canonical as Notice)).toContain('<cbc:AwardDate>2026-02-03+02:00</cbc:AwardDate>')
})

test('a deadline whose text is not that of eForms is written from its instant', () => {
  const [lot] = notice.lots
  if (lot === undefined) throw new Error('no lot')
  const tenders = { on: '2026-04-13', at: '2026-04-13T12:00:00+02:00', asWritten: '13/04/2026 à 12h00' }
  const content = written({ ...notice, lots: [{ ...lot, deadlines: { tenders } }] })
  expect(content).toContain('<cbc:EndDate>2026-04-13+02:00</cbc:EndDate>')
  expect(content).toContain('<cbc:EndTime>12:00:00+02:00</cbc:EndTime>')
})

describe('what cannot be written', () => {
  test('everything a person must give is asked for at once, in both languages, and nothing is written', () => {
    const { id: _, language: __, dispatchedAt: ___, ...rest } = notice
    const result = writeEforms({ ...rest, form: { format: 'boamp-fnsimple' } })
    expect('missing' in result && result.missing.map(({ field }) => field)).toEqual([
      '/form/version',
      '/form/subtype',
      '/form/noticeType',
      '/form/formType',
      '/form/legalBasis',
      '/id',
      '/dispatchedAt',
      '/language',
    ])
    if ('missing' in result) expect(result.missing[5]?.message.fr).toContain('identifiant de l’avis')
  })

  test('a property eForms has no place for is told as lost, by its pointer', () => {
    const [lot] = notice.lots
    if (lot === undefined) throw new Error('no lot')
    const odd = { ...notice, rumour: 'x', lots: [{ ...lot, reviewBodies: ['ORG-0002', 'ORG-0001'], colour: 'red' }] }
    const result = writeEforms(odd)
    expect('losses' in result && result.losses.map(({ field }) => field).sort()).toEqual([
      '/lots/0/colour',
      '/lots/0/reviewBodies/1',
      '/rumour',
    ])
  })

  test('a touch point of an organisation that is not named is told as lost', () => {
    const point = { ref: 'TPO-0001', name: 'Service', touchPointOf: 'ORG-0009' }
    const result = writeEforms({ ...notice, organisations: [...notice.organisations, point] })
    expect('losses' in result && result.losses.map(({ field }) => field)).toEqual(['/organisations/2'])
  })
})

describe('namespaces that DILA changed', () => {
  const rebased = text.replaceAll('"urn:oasis:names:', '"urn:boamp:names:')

  test('the notice is read like the original, and told', () => {
    const { canonical, findings, verdict } = examined(rebased)
    expect(canonical).toEqual(examined(text).canonical)
    expect([verdict, findings.map(({ rule, severity }) => [rule, severity])]).toEqual([
      'accepted',
      [['EFORMS-NAMESPACE', 'info']],
    ])
    expect(unread(parsed(rebased))).toEqual([])
  })

  test('its bytes become those of the original, so that official schemas know them', () => {
    expect(Buffer.from(withStandardBytes(Buffer.from(rebased))).toString()).toBe(text)
    expect(isRebased(withStandardNamespaces(parsed(rebased)))).toBe(false)
  })

  test('other bytes are left alone, even where a text names such a namespace', () => {
    for (const bytes of [Buffer.from(text), Buffer.from('<a>urn:boamp:names:x</a>')])
      expect(withStandardBytes(bytes)).toBe(bytes)
  })
})
