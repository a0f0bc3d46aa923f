import { assert as check, double, property } from 'fast-check'
import { expect, test } from 'vitest'
import { decimal } from './decimal.ts'

test.each([
  [0, '0'],
  [-0, '0'],
  [1, '1'],
  [184500.5, '184500.5'],
  [0.1, '0.1'],
  [1e21, '1000000000000000000000'],
  [1.25e22, '12500000000000000000000'],
  [1e-7, '0.0000001'],
  [-1.5e-7, '-0.00000015'],
  [3e9, '3000000000'],
])('%d is written %s', (value, text) => {
  expect(decimal(value)).toBe(text)
})

test('no digit is lost and no exponent is written', () => {
  check(
    property(double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const text = decimal(value)
      expect(text).toMatch(/^-?(0|[1-9]\d*)(\.\d+)?$/)
      expect(Number(text)).toBe(value === 0 ? 0 : value)
    }),
  )
})
