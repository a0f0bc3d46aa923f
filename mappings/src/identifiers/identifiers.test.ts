import { describe, expect, test } from 'vitest'
import { cpvCheckDigit, isKnownCpv, judgeCpv, knownCpvAncestor } from './cpv.ts'
import { cpvCount, cpvDistances } from './generated/cpv-2008.ts'
import { isSiren, judgeSiret, passesLuhn } from './siret.ts'

describe('SIRET', () => {
  test.each([
    ['73282932000074', 'valid'],
    ['35600000000048', 'valid'],
    ['35600000049837', 'valid'],
    ['35600000049838', 'nic'],
    ['73282932000075', 'nic'],
    ['73282932100074', 'siren'],
    ['00000000000000', 'siren'],
    ['7328293200007', 'form'],
    ['732829320000745', 'form'],
    ['732 829 320 00074', 'form'],
    ['7328293200007A', 'form'],
    ['', 'form'],
  ])('%s is judged %s', (siret, verdict) => {
    expect(judgeSiret(siret)).toBe(verdict)
  })

  test('changing any one digit of a valid number is always noticed', () => {
    const siret = '73282932000074'
    for (let place = 0; place < siret.length; place++) {
      for (const digit of '0123456789') {
        if (digit === siret[place]) continue
        expect(passesLuhn(siret.slice(0, place) + digit + siret.slice(place + 1))).toBe(false)
      }
    }
  })

  test('a SIREN is nine digits with a right key', () => {
    expect(isSiren('732829320')).toBe(true)
    expect(isSiren('732829321')).toBe(false)
    expect(isSiren('000000000')).toBe(false)
  })
})

describe('CPV', () => {
  test.each([
    ['45000000-7', 'valid'],
    ['72220000-3', 'valid'],
    ['30200000-1', 'valid'],
    ['98341120-2', 'valid'],
    ['45000000', 'valid'],
    ['45000000-8', 'check-digit'],
    ['00000000', 'zero'],
    ['4500000', 'form'],
    ['45000000-', 'form'],
    ['45000000-77', 'form'],
  ])('%s is judged %s', (code, verdict) => {
    expect(judgeCpv(code)).toBe(verdict)
  })

  test('the check digit is computed from the eight digits', () => {
    expect(cpvCheckDigit('24951311')).toBe('8')
  })

  test('the list of 2008 is whole, and its codes have the form of codes', () => {
    let code = 0
    const codes = cpvDistances.split(' ').map((distance) => (code += Number.parseInt(distance, 36)))
    expect(codes).toHaveLength(cpvCount)
    expect(new Set(codes).size).toBe(9454)
    for (const one of codes) expect(judgeCpv(String(one).padStart(8, '0'))).toBe('valid')
  })

  test.each([
    ['45261910', true],
    ['45261910-6', true],
    ['03000000-1', true],
    ['98910000-5', true],
    ['45261911', false],
    ['99000000', false],
    ['', false],
  ])('%s is in the list: %s', (code, known) => {
    expect(isKnownCpv(code)).toBe(known)
  })

  test('an unknown code has the nearest one above it for a hint', () => {
    expect(knownCpvAncestor('45261911')).toBe('45261910')
    expect(knownCpvAncestor('45999999')).toBe('45000000')
    expect(knownCpvAncestor('99123456')).toBeUndefined()
  })
})
