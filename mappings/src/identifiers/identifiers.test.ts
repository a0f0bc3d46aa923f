import { describe, expect, test } from 'vitest'
import { cpvCheckDigit, judgeCpv } from './cpv.ts'
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
})
