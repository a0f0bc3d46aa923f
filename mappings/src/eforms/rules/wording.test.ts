// oxlint-disable-next-line no-restricted-imports -- tests read the example documents; the code under test reads nothing
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Examined, examined } from '../examined.ts'

const notice = readFileSync(
  join(import.meta.dirname, '../../../../schemas/examples/documents/eforms-cn-16.xml'),
  'utf8',
)

function edited([from, to]: readonly [from: string | RegExp, to: string]): Examined {
  const changed = notice.replace(from, to)
  expect(changed).not.toBe(notice)
  return examined(changed)
}

test('a message names a field in its own language, and nothing in the other one', () => {
  const { findings } = edited(['>3a9c41d7-6e52-4f0b-8b1a-5d7e90c2f384<', '><'])
  expect(findings.find(({ rule }) => rule === 'EFORMS-REQUIRED')?.message).toEqual({
    fr: 'Il manque BT-701-notice (identifiant de l’avis) : l’élément est absent ou vide.',
    en: 'BT-701-notice (notice id) is missing: the element is absent or empty.',
  })
})

test('what is not there is said to be missing, not to be a wrong empty value', () => {
  const noVersion = edited([/<cbc:CustomizationID>[^<]*<\/cbc:CustomizationID>/, ''])
  const noForm = edited([/<cbc:SubTypeCode[^>]*>16</, '<cbc:SubTypeCode listName="notice-subtype"><'])
  for (const { verdict, findings } of [noVersion, noForm]) {
    expect([verdict, findings[0]?.rule]).toEqual(['refused', 'EFORMS-REQUIRED'])
    expect(findings.map(({ message }) => message.fr).join('\n')).not.toMatch(/«\s*»|Version {2}/)
  }
})

test('a cited id of a kind that the notice declares nowhere is told without an empty list', () => {
  const award =
    '<efac:NoticeResult><efac:LotResult><efac:LotTender><cbc:ID>TEN-0009</cbc:ID></efac:LotTender></efac:LotResult></efac:NoticeResult>'
  const { findings } = edited(['</efext:EformsExtension>', `${award}</efext:EformsExtension>`])
  const found = findings.find(({ rule }) => rule === 'EFORMS-REFERENCE')
  expect(found?.message.fr).toContain('identifiants déclarés : aucun.')
  expect(found?.message.en).toContain('declared ids: none.')
  expect(found).not.toHaveProperty('expected')
})

test('a deadline already past is shown with its time', () => {
  const { findings } = examined(notice, new Date('2027-01-01T00:00:00Z'))
  const past = findings.filter(({ rule }) => rule === 'HUB-DEADLINE-PAST')
  expect(past.length).toBeGreaterThan(0)
  for (const { value } of past) expect(value).toMatch(/^2026-04-\d\d\+02:00 \d\d:\d\d:\d\d\+02:00$/)
})

test('a namespace that is none of eForms is told once by its name, not by everything that it hides', () => {
  const { findings, verdict } = edited(['xsd:CommonBasicComponents-2"', 'xsd:commonbasiccomponents-2"'])
  expect([verdict, findings.map(({ rule, value, expected }) => [rule, value, expected])]).toEqual([
    'refused',
    [
      [
        'EFORMS-NAMESPACE-UNKNOWN',
        'urn:oasis:names:specification:ubl:schema:xsd:commonbasiccomponents-2',
        'urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2',
      ],
    ],
  ])
})
