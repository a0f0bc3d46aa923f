import { describe, expect, test } from 'vitest'
import { gather } from './gather.ts'

describe('questions of one turn', () => {
  test('are asked together, at most so many at once, and each gets its own answer', async () => {
    const asked: number[][] = []
    const ask = gather(async (questions: readonly number[]) => {
      asked.push([...questions])
      return await Promise.resolve(questions.map((n) => n * 10))
    }, 3)
    expect(await Promise.all([1, 2, 3, 4].map(ask))).toEqual([10, 20, 30, 40])
    expect(await ask(5)).toBe(50)
    expect(asked).toEqual([[1, 2, 3], [4], [5]])
  })

  test('fail together, and the next ones are asked again', async () => {
    let broken = true
    const ask = gather(async (questions: readonly number[]) => {
      if (broken) throw new Error('away')
      return await Promise.resolve(questions)
    }, 10)
    expect(await Promise.allSettled([ask(1), ask(2)])).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }])
    broken = false
    expect(await ask(3)).toBe(3)
  })

  test('that get fewer answers are not mixed up', async () => {
    const ask = gather(async (questions: readonly number[]) => await Promise.resolve(questions.slice(1)), 10)
    await expect(Promise.all([ask(1), ask(2)])).rejects.toThrow('as many answers')
  })
})
