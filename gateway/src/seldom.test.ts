import { expect, test, vi } from 'vitest'
import { seldom } from './seldom.ts'

test('is told at once, then not before the time is over', () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  const told: string[] = []
  const tell = seldom(1_000, (word: string) => told.push(word))
  for (const word of ['a', 'b']) tell(word)
  vi.advanceTimersByTime(999)
  tell('c')
  vi.advanceTimersByTime(1)
  for (const word of ['d', 'e']) tell(word)
  vi.useRealTimers()
  expect(told).toEqual(['a', 'd'])
})
