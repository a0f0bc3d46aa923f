import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createFairQueue, type FairQueue, type Lane } from './fair-queue.ts'

interface Job {
  readonly account: string
  readonly n: number
  readonly lane: Lane
  readonly cost: number
}

const places = { urgent: 8, common: 20 }
const job = fc.record({
  account: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
  lane: fc.constantFrom<Lane[]>('urgent', 'common', 'common', 'common'),
  cost: fc.integer({ min: 1, max: 6 }),
})
/** Offers and takings in any order; undefined takes. */
const steps = fc.array(fc.oneof({ weight: 3, arbitrary: job }, { weight: 1, arbitrary: fc.constant(undefined) }), {
  maxLength: 200,
})

const drain = <T>(queue: FairQueue<T>): T[] => {
  const out: T[] = []
  for (let item = queue.next(); item !== undefined; item = queue.next()) out.push(item)
  return out
}

describe('a fair queue', () => {
  test('property: nothing is lost, nothing comes twice, each account is served in its own order, places are kept', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const queue = createFairQueue<Job>(places)
        const [taken, gone, served] = [new Set<Job>(), new Set<Job>(), [] as Job[]]
        for (const [n, step] of all.entries()) {
          if (step === undefined) {
            const next = queue.next()
            if (next) served.push(next)
          } else {
            const one = { ...step, n }
            const offered = queue.offer(one, one)
            if (offered.taken) taken.add(one)
            if (offered.taken) for (const out of offered.displaced) gone.add(out)
          }
          for (const lane of ['urgent', 'common'] as const) {
            const waiting = [...taken].filter((one) => one.lane === lane && !gone.has(one) && !served.includes(one))
            expect(waiting.reduce((sum, { cost }) => sum + cost, 0)).toBeLessThanOrEqual(places[lane])
          }
        }
        served.push(...drain(queue))
        expect(queue.size).toBe(0)
        expect(new Set(served).size).toBe(served.length)
        expect(new Set([...served, ...gone])).toEqual(taken)
        expect(served.filter((one) => gone.has(one))).toEqual([])
        for (const account of ['a', 'b', 'c', 'd', 'e'])
          for (const lane of ['urgent', 'common']) {
            const own = served.filter((one) => one.account === account && one.lane === lane).map(({ n }) => n)
            expect(own).toEqual([...own].sort((x, y) => x - y))
          }
      }),
      { seed: 20261130 },
    )
  })

  test('property: no account starves: of those that wait, each is served once before any is served twice', () => {
    const crowd = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.integer({ min: 1, max: 9 })), {
      minLength: 1,
      maxLength: 12,
    })
    fc.assert(
      fc.property(crowd, (all) => {
        const queue = createFairQueue<string>({ urgent: 1, common: 10_000 })
        const count = new Map<string, number>()
        for (const [account, times] of all)
          for (let i = 0; i < times; i++) {
            queue.offer(account, { account, lane: 'common', cost: 1 })
            count.set(account, (count.get(account) ?? 0) + 1)
          }
        const before = new Map<string, number>()
        for (const account of drain(queue)) {
          const turn = before.get(account) ?? 0
          for (const [other, total] of count)
            expect(before.get(other) ?? 0).toBeGreaterThanOrEqual(Math.min(turn, total))
          before.set(account, turn + 1)
        }
        expect(before).toEqual(count)
      }),
      { seed: 20261130 },
    )
  })

  test('property: a flood never keeps out an account that holds less, whatever came before', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 1, max: 19 }), (flood, others) => {
        const queue = createFairQueue<string>(places)
        for (let i = 0; i < flood; i++) queue.offer('flood', { account: 'flood', lane: 'common', cost: 1 })
        for (let i = 0; i < others; i++) {
          const offered = queue.offer(`small-${i}`, { account: `small-${i}`, lane: 'common', cost: 1 })
          expect(offered.taken).toBe(true)
          if (offered.taken) expect(offered.displaced.every((account) => account === 'flood')).toBe(true)
        }
        expect(drain(queue).slice(0, others + 1)).toEqual(
          expect.arrayContaining(Array.from({ length: others }, (_, i) => `small-${i}`)),
        )
      }),
      { seed: 20261130 },
    )
  })

  test('alone, an account fills the lane; it gives way to another only until both hold the same', () => {
    const queue = createFairQueue<string>({ urgent: 1, common: 4 })
    const offer = (account: string) => queue.offer(account, { account, lane: 'common', cost: 1 })
    for (let i = 0; i < 4; i++) expect(offer('a')).toEqual({ taken: true, displaced: [] })
    expect(offer('a')).toEqual({ taken: false })
    expect(offer('b')).toEqual({ taken: true, displaced: ['a'] })
    expect(offer('b')).toEqual({ taken: true, displaced: ['a'] })
    expect(offer('b')).toEqual({ taken: false })
    expect(drain(queue)).toEqual(['a', 'b', 'a', 'b'])
  })

  test('urgent work goes first, has places that a flood cannot take, and leaves every fifth turn to the rest', () => {
    const queue = createFairQueue<string>({ urgent: 20, common: 10 })
    for (let i = 0; i < 50; i++) queue.offer('c', { account: 'flood', lane: 'common', cost: 1 })
    for (let i = 0; i < 10; i++)
      expect(queue.offer('u', { account: `bidder-${i}`, lane: 'urgent', cost: 1 }).taken).toBe(true)
    expect(drain(queue).join('')).toBe('uuuucuuuucuucccccccc')
    queue.offer('c', { account: 'a', lane: 'common', cost: 1 })
    expect(queue.next('urgent')).toBeUndefined()
    expect(queue.next()).toBe('c')
  })

  test('what costs more than there are places still comes in when nothing waits', () => {
    const queue = createFairQueue<string>(places)
    expect(queue.offer('huge', { account: 'a', lane: 'common', cost: 1_000 })).toEqual({ taken: true, displaced: [] })
    expect(queue.offer('small', { account: 'a', lane: 'common', cost: 1 }).taken).toBe(false)
    expect(drain(queue)).toEqual(['huge'])
  })
})
