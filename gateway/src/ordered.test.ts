import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { ordered } from './ordered.ts'

async function* numbers(count: number, taken: number[] = []): AsyncGenerator<number> {
  for (let n = 0; n < count; n++) {
    taken.push(n)
    yield n
  }
}

async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = []
  for await (const item of source) list.push(item)
  return list
}

test('results come in the order of the items, however long each takes', async () => {
  const work = async (n: number): Promise<number> => {
    await pause(n % 3 === 0 ? 8 : 1)
    return n * 10
  }
  expect(await all(ordered(numbers(12), work, 4))).toEqual(Array.from({ length: 12 }, (_, n) => n * 10))
})

test('a result is given before the next item is there', async () => {
  let release = (): void => undefined
  async function* slow(): AsyncGenerator<string> {
    yield 'first'
    await new Promise<void>((resolve) => (release = resolve))
    yield 'second'
  }
  const results = ordered(slow(), async (item) => item, 8)
  expect(await results.next()).toEqual({ done: false, value: 'first' })
  release()
  expect(await results.next()).toEqual({ done: false, value: 'second' })
  expect((await results.next()).done).toBe(true)
})

test('the source is read no further than so many items ahead of what was taken', async () => {
  const taken: number[] = []
  const results = ordered(numbers(100, taken), async (n) => n, 3)
  for (let n = 0; n < 10; n++) await results.next()
  await pause(5)
  expect(taken.length).toBeLessThanOrEqual(10 + 3 + 1)
  await results.return(undefined)
})

test('when the source fails, the results of what it gave come first', async () => {
  async function* failing(): AsyncGenerator<number> {
    yield 1
    yield 2
    throw new Error('cut')
  }
  const got: number[] = []
  await expect(
    (async () => {
      for await (const n of ordered(failing(), async (item) => item, 8)) got.push(n)
    })(),
  ).rejects.toThrow('cut')
  expect(got).toEqual([1, 2])
})

test('whoever stops reading closes the source', async () => {
  let isClosed = false
  async function* endless(): AsyncGenerator<number> {
    try {
      for (let n = 0; ; n++) yield n
    } finally {
      isClosed = true
    }
  }
  for await (const n of ordered(endless(), async (item) => item, 2)) if (n === 5) break
  expect(isClosed).toBe(true)
})
