import { expect, test } from 'vitest'
import { createTurns } from './turns.ts'

test('jobs run in the order they came and give their results', async () => {
  const turns = createTurns()
  const order: number[] = []
  const results = await Promise.all([1, 2, 3].map(async (n) => await turns.run(() => order.push(n) && n * 10)))
  expect(results).toEqual([10, 20, 30])
  expect(order).toEqual([1, 2, 3])
})

test('a job that throws rejects for its own caller only', async () => {
  const turns = createTurns()
  const fails = turns.run(() => {
    throw new Error('unreadable')
  })
  const works = turns.run(() => 'read')
  await expect(fails).rejects.toThrow('unreadable')
  await expect(works).resolves.toBe('read')
})

test('a crowd of jobs leaves turns to others: what fits in the budget runs, the rest waits for the next turn', async () => {
  let time = 0
  const turns = createTurns(() => time)
  const log: string[] = []
  const jobs = Array.from({ length: 6 }, async (_, i) =>
    turns.run(() => {
      time += 1
      log.push(`job ${i}`)
    }),
  )
  setImmediate(() => log.push('other work'))
  await Promise.all(jobs)
  const place = log.indexOf('other work')
  expect(place).toBeGreaterThan(0)
  expect(place).toBeLessThan(log.length - 1)
})
