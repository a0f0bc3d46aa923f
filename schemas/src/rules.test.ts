import { expect, test } from 'vitest'
import { finding } from './rules.ts'
import { rules } from './generated/rules.ts'

const catalogue = Object.values(rules)

test('a finding carries the rule, its severity, where and what, and its message in both languages', () => {
  const found = finding('HUB-CPV-CHECK-DIGIT', { record: 2, pointer: '/codeCPV', value: '45000000-8', expected: '7' })
  expect(found).toMatchObject({ rule: 'HUB-CPV-CHECK-DIGIT', severity: 'reject', record: 2, pointer: '/codeCPV' })
  expect(found.message.fr).toContain('45000000-8')
  expect(found.message.en).toContain('should be 7')
})

test('named parameters are filled in and an unknown one is left visible', () => {
  const found = finding('JSON-UTF8', {}, { offset: '12' })
  expect(found.message.en).toContain('Byte 12')
  expect(finding('JSON-UTF8', {}).message.en).toContain('{offset}')
})

test('a long value is cut at 200 characters and never inside a surrogate pair', () => {
  expect(finding('HUB-DATE', { value: 'x'.repeat(500) }).value).toHaveLength(200)
  expect(finding('HUB-DATE', { value: `${'x'.repeat(199)}😀` }).value).toBe('x'.repeat(199))
})

test('text in a value that looks like a parameter is not filled in again', () => {
  const found = finding('HUB-DATE', { value: '{expected}', expected: 'never' })
  expect(found.message.en).toContain('“{expected}”')
})

test('the severity of a place replaces that of the catalogue', () => {
  expect(finding('HUB-SIRET-NIC', { severity: 'info' }).severity).toBe('info')
})

test('every rule says the same thing in both languages, with the same parameters', () => {
  for (const rule of catalogue) {
    const names = (text: string) => [...text.matchAll(/\{(\w+?)(?:Fr|En)?\}/g)].map((match) => match[1]).sort()
    expect(names(rule.message.fr), rule.id).toEqual(names(rule.message.en))
    expect(rule.hint.fr.length, rule.id).toBeGreaterThan(10)
    expect(rule.hint.en.length, rule.id).toBeGreaterThan(10)
    expect(rule.source, rule.id).not.toBe('')
    expect(rule.id).toMatch(/^[A-Z][A-Z0-9]*(-[A-Z0-9]+)+$/)
  }
})
