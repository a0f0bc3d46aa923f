import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { watchPressure } from './pressure.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A process whose looks come as late as it is told. */
function aProcess() {
  const state = { now: 0, heap: 0.2 }
  const pressure = watchPressure({ now: () => state.now, heap: () => state.heap })
  const look = (lateMs: number): void => {
    state.now += 200 + lateMs
    vi.advanceTimersByTime(200)
  }
  return { state, pressure, look }
}

test('one long pause is not overload; five late looks in a row are, until one is in time', () => {
  const { pressure, look } = aProcess()
  look(3_000)
  look(0)
  look(0)
  expect(pressure.tooHigh('common')).toBe(false)
  for (let i = 0; i < 5; i++) look(400)
  expect(pressure.tooHigh('common')).toBe(true)
  look(0)
  expect(pressure.tooHigh('common')).toBe(false)
  pressure.close()
})

test('the reserved lane is taken in for longer', () => {
  const { state, pressure, look } = aProcess()
  for (let i = 0; i < 5; i++) look(400)
  expect(pressure.tooHigh('urgent')).toBe(false)
  for (let i = 0; i < 5; i++) look(2_000)
  expect(pressure.tooHigh('urgent')).toBe(true)
  look(0)
  state.heap = 0.9
  look(0)
  expect([pressure.tooHigh('common'), pressure.tooHigh('urgent')]).toEqual([true, false])
  state.heap = 0.97
  look(0)
  expect([pressure.tooHigh('common'), pressure.tooHigh('urgent')]).toEqual([true, true])
  pressure.close()
})
