import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { isSameClock, momentOf, parseDeadline } from './deadline-text.ts'

test.each([
  ['2026-10-02T12:00:00', '12:00:00', undefined],
  ['2026-10-02T12:00:00+02:00', '12:00:00', '+02:00'],
  ['2026-10-02T12:00:00-03:00', '12:00:00', '-03:00'],
  ['2026-10-02T12:00:00.000', '12:00:00.000', undefined],
  ['2026-10-02T12:00:00.000+02:00', '12:00:00.000', '+02:00'],
  ['2026-10-02T10:00:00Z', '10:00:00', 'Z'],
  ['2026-10-02', undefined, undefined],
])('%s is one of the shapes', (text, time, offset) => {
  expect(parseDeadline(text)).toEqual({ on: '2026-10-02', time, offset })
})

test.each([
  '',
  '02/10/2026 12:00',
  '2026-10-02T12:00',
  '2026-10-02 12:00:00',
  '2026-02-30T12:00:00',
  '2026-10-02T24:00:00',
  '2026-10-02T12:00:00+2:00',
  '2026-10-02T12:00:00+15:00',
  ' 2026-10-02T12:00:00',
  '2026-10-02T12:00:00Z+02:00',
])('%j is none', (text) => {
  expect(parseDeadline(text)).toBeUndefined()
})

const two = (max: number) => fc.integer({ min: 0, max }).map((number) => String(number).padStart(2, '0'))
const offsets = fc.oneof(
  fc.constantFrom(undefined, 'Z'),
  fc.tuple(fc.constantFrom('+', '-'), two(14), two(59)).map(([sign, hour, minute]) => `${sign}${hour}:${minute}`),
)
const fractions = fc.oneof(
  fc.constant(''),
  fc.integer({ min: 0, max: 999 }).map((milli) => `.${String(milli).padStart(3, '0')}`),
)
const days = fc
  .date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10))

const times = fc.tuple(two(23), two(59), two(59), fractions).map(([h, m, s, fraction]) => `${h}:${m}:${s}${fraction}`)

test('every shape gives back its parts, and they make the text again', () => {
  fc.assert(
    fc.property(days, times, offsets, (on, time, offset) => {
      expect(parseDeadline(`${on}T${time}${offset ?? ''}`)).toEqual({ on, time, offset })
    }),
  )
})

test('any text is read or refused, and what is read is a moment', () => {
  const pieces = fc.constantFrom('2026', '-', '02', '30', 'T', '12', ':', '00', '.', '5', 'Z', '+', ' ', 'h')
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(pieces).map((each) => each.join('')),
      ),
      (text) => {
        const read = parseDeadline(text)
        if (read !== undefined) expect(momentOf(read, read.offset ?? 'Z')).not.toBeNaN()
      },
    ),
  )
})

test('two deadlines of the same clock are so whatever their offsets', () => {
  const [first, second, other] = ['2026-10-02T12:00:00+02:00', '2026-10-02T12:00:00.000Z', '2026-10-02T12:00:01'].map(
    (text) => parseDeadline(text),
  )
  if (first === undefined || second === undefined || other === undefined) throw new Error('not read')
  expect(isSameClock(first, second)).toBe(true)
  expect(isSameClock(first, other)).toBe(false)
})
