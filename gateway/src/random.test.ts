import { expect, test } from 'vitest'
import { createIds, createRandom } from './random.ts'

test('no two draws share bytes, across many refills of the pool', () => {
  const random = createRandom()
  const draws = Array.from({ length: 5_000 }, () => Buffer.from(random(16)).toString('hex'))
  expect(new Set(draws).size).toBe(draws.length)
  expect(draws.every((draw) => draw !== '0'.repeat(32))).toBe(true)
})

test('a draw keeps its bytes when later ones are drawn', () => {
  const random = createRandom()
  const first = random(32)
  const copy = Uint8Array.from(first)
  for (let i = 0; i < 1_000; i++) random(32)
  expect(first).toEqual(copy)
})

test('more than the pool holds is refused', () => {
  expect(() => createRandom()(10_000)).toThrow(RangeError)
})

test('ids are version 7, all different, and sort by time', async () => {
  const newId = createIds(createRandom())
  const early = newId()
  await new Promise((resolve) => setTimeout(resolve, 5))
  const ids = Array.from({ length: 2_000 }, () => newId())
  expect(new Set(ids).size).toBe(ids.length)
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(ids.every((id) => id > early)).toBe(true)
})
