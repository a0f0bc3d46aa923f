import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { clientLimits } from './limits.ts'
import { nextTry, readRetryAfter } from './retry.ts'

const fraction = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })

test('a wait is at least what the hub asked for, and never ends after the time of the call', () => {
  const standing = fc.record({
    tries: fc.integer({ min: 1, max: 100 }),
    elapsedMs: fc.integer({ min: 0, max: 400_000 }),
    retryAfterMs: fc.option(fc.integer({ min: 0, max: 4_000_000 }), { nil: undefined }),
  })
  fc.assert(
    fc.property(standing, fraction, (standing, random) => {
      const next = nextTry(standing, clientLimits, random)
      if (next.do === 'give-up') return
      expect(standing.tries).toBeLessThan(clientLimits.maxTries)
      expect(next.afterMs).toBeGreaterThanOrEqual(standing.retryAfterMs ?? 0)
      expect(next.afterMs).toBeGreaterThanOrEqual(clientLimits.firstWaitMs / 2)
      expect(standing.elapsedMs + next.afterMs).toBeLessThan(clientLimits.totalMs)
    }),
  )
})

test('waits double up to the longest, and chance spreads each over its second half', () => {
  const limits = { ...clientLimits, maxTries: 20, totalMs: 1e9 }
  const waitAfter = (tries: number, random: number): number | undefined => {
    const next = nextTry({ tries, elapsedMs: 0, retryAfterMs: undefined }, limits, random)
    return next.do === 'retry' ? next.afterMs : undefined
  }
  expect([1, 2, 3, 8, 9, 19].map((tries) => waitAfter(tries, 0))).toEqual([125, 250, 500, 15_000, 15_000, 15_000])
  expect(waitAfter(2, 0.999_999)).toBe(500)
  expect(waitAfter(20, 0)).toBeUndefined()
})

test.each([
  ['7', 7_000],
  [' 0 ', 0],
  ['Tue, 24 Nov 2026 10:00:30 GMT', 30_000],
  ['Tue, 24 Nov 2026 09:00:00 GMT', 0],
  ['-3', undefined],
  ['1.5', undefined],
  ['soon', undefined],
  ['', undefined],
  [undefined, undefined],
])('Retry-After %j is read as %j ms', (header, expected) => {
  expect(readRetryAfter(header, new Date('2026-11-24T10:00:00Z'))).toBe(expected)
})
