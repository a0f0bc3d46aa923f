import { property, assert as check, date } from 'fast-check'
import { expect, test } from 'vitest'
import { isCalendarDate, latestDayAnywhere } from './calendar.ts'

test.each(['2024-02-29', '2000-02-29', '2025-12-31', '2025-04-30'])('%s is a day', (text) => {
  expect(isCalendarDate(text)).toBe(true)
})

test.each([
  '2025-02-29',
  '1900-02-29',
  '2025-04-31',
  '2024-99-99',
  '2024-00-10',
  '2024-01-00',
  '2024-1-1',
  '24-01-01',
  '20240101',
  '2024-01-01T00:00:00Z',
  '2024-01-01+02:00',
  ' 2024-01-01',
  '2024-01-01 ',
  '2024/01/01',
  '',
])('%j is not', (text) => {
  expect(isCalendarDate(text)).toBe(false)
})

test('every day of the platform calendar is one', () => {
  const between = { min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T00:00:00Z'), noInvalidDate: true }
  check(property(date(between), (day) => isCalendarDate(day.toISOString().slice(0, 10))))
})

test('the latest day anywhere is that of Kiribati', () => {
  expect(latestDayAnywhere(new Date('2026-06-01T09:59:59Z'))).toBe('2026-06-01')
  expect(latestDayAnywhere(new Date('2026-06-01T10:00:00Z'))).toBe('2026-06-02')
  expect(latestDayAnywhere(new Date('2025-12-31T10:00:00Z'))).toBe('2026-01-01')
})
