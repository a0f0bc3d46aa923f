import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { offsetInParis } from './paris.ts'

const clock = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Europe/Paris',
  dateStyle: 'short',
  timeStyle: 'medium',
})

/** The clock of Paris at a moment, by the time zone database of the platform. */
function parisClock(at: number): { readonly on: string; readonly time: string } {
  const [on = '', time = ''] = clock.format(at).split(' ')
  return { on, time }
}

const moments = fc.integer({ min: Date.UTC(1997, 0, 1) / 60_000, max: Date.UTC(2037, 11, 31) / 60_000 })

test('the offset is that of the time zone database at any moment, unless the hour is told twice', () => {
  fc.assert(
    fc.property(moments, (minutes) => {
      const at = minutes * 60_000
      const { on, time } = parisClock(at)
      const { offset } = offsetInParis(on, time)
      const isTwice = [at - 3_600_000, at + 3_600_000].some((other) => {
        const beside = parisClock(other)
        return beside.on === on && beside.time === time
      })
      if (isTwice) expect(offset).toBeUndefined()
      else expect(Date.parse(`${on}T${time}${offset ?? '?'}`)).toBe(at)
    }),
    { numRuns: 2000 },
  )
})

test.each([
  ['2026-03-29', '02:30:00', 'is skipped'],
  ['2026-10-25', '02:30:00', 'is told twice'],
  ['1980-07-01', '12:00:00', 'is before the rule'],
  ['2026-13-01', '12:00:00', 'does not exist'],
])('%s %s %s: no offset', (on, time) => {
  expect(offsetInParis(on, time).offset).toBeUndefined()
})

test.each([
  ['2026-03-29', '01:59:59', '+01:00'],
  ['2026-03-29', '03:00:00', '+02:00'],
  ['2026-10-25', '01:59:59', '+02:00'],
  ['2026-10-25', '03:00:00', '+01:00'],
])('%s %s is at %s', (on, time, offset) => {
  expect(offsetInParis(on, time).offset).toBe(offset)
})
