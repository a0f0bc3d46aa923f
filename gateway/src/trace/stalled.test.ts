import { Readable } from 'node:stream'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { unlessStalled } from './stalled.ts'

const limitMs = 1_000
const pieces = (count: number): Readable =>
  unlessStalled(Readable.from(Array.from({ length: count }, () => Buffer.alloc(8))), limitMs)

// Time passes when the test says so, however busy the machine is.
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())

test('a reader that is slow, but reads, gets everything', async () => {
  let taken = 0
  for await (const piece of pieces(6)) {
    await vi.advanceTimersByTimeAsync(limitMs - 1)
    taken += (piece as Buffer).length
  }
  expect(taken).toBe(48)
})

test('a reader that takes nothing any more is sent home', async () => {
  const stream = pieces(6)
  const told = vi.fn<(error: Error) => void>()
  stream.once('error', told)
  await vi.advanceTimersByTimeAsync(limitMs - 1)
  expect(stream.destroyed).toBe(false)
  await vi.advanceTimersByTimeAsync(1)
  expect(stream.destroyed).toBe(true)
  expect(told).toHaveBeenCalledExactlyOnceWith(new Error(`nobody read for ${limitMs} ms`))
})
