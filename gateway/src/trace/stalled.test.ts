import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { unlessStalled } from './stalled.ts'

const pieces = (count: number): Readable =>
  unlessStalled(Readable.from(Array.from({ length: count }, () => Buffer.alloc(8))), 80)

test('a reader that is slow, but reads, gets everything', async () => {
  let taken = 0
  for await (const piece of pieces(6)) {
    await sleep(30)
    taken += (piece as Buffer).length
  }
  expect(taken).toBe(48)
})

test('a reader that takes nothing any more is sent home', async () => {
  const stream = pieces(6)
  const ended = new Promise<Error>((resolve) => stream.once('error', resolve))
  expect((await ended).message).toContain('nobody read')
  expect(stream.destroyed).toBe(true)
})
