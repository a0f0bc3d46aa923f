import { setTimeout as sleep } from 'node:timers/promises'
import type { Cache } from '@socle/gateway'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

const slow = { perSecond: 10, burst: 5 }

/** What every Cache adapter must do while it works. What happens when its server is away is said in `cache.test.ts`. */
export function cacheContract(name: string, open: () => Promise<Cache>): void {
  describe(`the cache contract: ${name}`, () => {
    let cache: Cache
    beforeEach(async () => {
      cache = await open()
    })
    afterEach(async () => await cache.close())

    const allowedOf = async (times: number, who: string, cost = 1): Promise<number> => {
      const taken = await Promise.all(Array.from({ length: times }, async () => await cache.take(who, slow, cost)))
      return taken.filter(({ allowed }) => allowed).length
    }

    test('a burst passes at once, the next waits for as long as it is told, and no longer', async () => {
      for (let i = 0; i < 5; i++) expect(await cache.take('a', slow, 1)).toEqual({ allowed: true, retryAfterMs: 0 })
      const refused = await cache.take('a', slow, 1)
      expect(refused.allowed).toBe(false)
      expect(refused.retryAfterMs).toBeGreaterThan(0)
      expect(refused.retryAfterMs).toBeLessThanOrEqual(100)
      await sleep(refused.retryAfterMs + 5)
      expect((await cache.take('a', slow, 1)).allowed).toBe(true)
    })

    test('whoever asks all at once gets the burst and nothing more', async () => {
      expect(await allowedOf(50, 'crowd')).toBe(5)
    })

    test('names do not share: one that used its burst up takes nothing from another', async () => {
      expect(await allowedOf(20, 'greedy')).toBe(5)
      expect(await allowedOf(5, 'modest')).toBe(5)
    })

    test('a cost of several counts for several, and one larger than the burst costs the burst', async () => {
      expect((await cache.take('file', slow, 3)).allowed).toBe(true)
      expect((await cache.take('file', slow, 3)).allowed).toBe(false)
      expect((await cache.take('file', slow, 2)).allowed).toBe(true)
      expect((await cache.take('huge', slow, 1_000)).allowed).toBe(true)
      expect((await cache.take('huge', slow, 1)).allowed).toBe(false)
    })

    test('in the long run no more than the rate passes', async () => {
      const start = performance.now()
      let passed = 0
      while (performance.now() - start < 500) {
        if ((await cache.take('steady', slow, 1)).allowed) passed++
        await sleep(5)
      }
      const seconds = (performance.now() - start) / 1_000
      expect(passed).toBeLessThanOrEqual(Math.ceil(5 + seconds * 10))
      expect(passed).toBeGreaterThanOrEqual(8)
    })

    test('one of many has a claim; the others after it is given back, or when its time is over', async () => {
      const asked = await Promise.all(Array.from({ length: 20 }, async () => await cache.claim('work', 60)))
      expect(asked.filter(Boolean)).toHaveLength(1)
      expect(await cache.claim('other work', 60_000)).toBe(true)
      await cache.release('other work')
      expect(await cache.claim('other work', 60_000)).toBe(true)
      await sleep(80)
      expect(await cache.claim('work', 60)).toBe(true)
    })

    test('giving back what one does not have is nothing', async () => {
      await cache.release('never claimed')
      expect(await cache.claim('never claimed', 1_000)).toBe(true)
    })
  })
}
