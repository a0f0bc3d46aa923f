import { setTimeout as sleep } from 'node:timers/promises'
import { inspect } from 'node:util'
import { type Cache, createMemoryCache, createRedisCache } from '@socle/gateway'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type RedisServer, startRedis } from '../servers/redis.ts'
import { cacheContract } from './cache-contract.ts'

/** Longest that a command may take, as `redis-link.ts` says, and what a busy machine adds. */
const patienceMs = 100 + 150
const limit = { perSecond: 1, burst: 3 }

let server: RedisServer
beforeAll(async () => {
  server = await startRedis()
})
afterAll(async () => await server[Symbol.asyncDispose]())

let count = 0
/** Each with an environment, so keys, of its own. Resolves once the server is in use. */
async function openRedis(environment = `test-${count++}`, away: Error[] = []): Promise<Cache> {
  const cache = createRedisCache({ url: server.url, environment, onAway: (error) => away.push(error) })
  await inUse(cache, environment)
  return cache
}

async function inUse(cache: Cache, environment: string): Promise<void> {
  const redis = new Redis(server.url)
  try {
    await vi.waitFor(
      async () => {
        await cache.take('probe', { perSecond: 1_000, burst: 1_000 }, 1)
        expect(await redis.del(`socle:${environment}:rate:probe`)).toBe(1)
      },
      { timeout: 8_000, interval: 20 },
    )
  } finally {
    redis.disconnect()
  }
}

async function timed<T>(work: () => Promise<T>): Promise<readonly [T, number]> {
  const start = performance.now()
  const result = await work()
  return [result, performance.now() - start]
}

cacheContract('in this process', async () => await Promise.resolve(createMemoryCache()))
cacheContract('Redis', openRedis.bind(undefined, undefined, []))

describe('replicas on one Redis', () => {
  test('share one count and one claim, and only its owner gives a claim back', async () => {
    const [one, two] = [await openRedis('shared'), await openRedis('shared')]
    const taken = []
    for (let i = 0; i < 6; i++) taken.push((await (i % 2 === 0 ? one : two).take('account', limit, 1)).allowed)
    expect(taken).toEqual([true, true, true, false, false, false])
    expect(await one.claim('key', 5_000)).toBe(true)
    expect(await two.claim('key', 5_000)).toBe(false)
    await two.release('key')
    expect(await two.claim('key', 5_000)).toBe(false)
    await one.release('key')
    expect(await two.claim('key', 5_000)).toBe(true)
    await Promise.all([one.close(), two.close()])
  })

  test('a claim that ran out and is another’s by now is not taken from it', async () => {
    const [one, two] = [await openRedis('late'), await openRedis('late')]
    await one.claim('key', 30)
    await sleep(50)
    expect(await two.claim('key', 5_000)).toBe(true)
    await one.release('key')
    expect(await one.claim('key', 5_000)).toBe(false)
    await Promise.all([one.close(), two.close()])
  })

  test('every key stands under the environment, expires, and says nothing of what callers chose', async () => {
    const cache = await openRedis('expiring')
    await cache.take('deposit profil-a', limit, 1)
    await cache.claim('deposit profil-a CLE-DU-CLIENT', 5_000)
    const redis = new Redis(server.url)
    const keys = (await redis.keys('*expiring*')).sort()
    expect(keys).toHaveLength(2)
    for (const key of keys) {
      expect(key).toMatch(/^socle:expiring:(?:rate|claim):/)
      expect(key).not.toContain('CLE-DU-CLIENT')
      expect(await redis.pttl(key)).toBeGreaterThan(0)
    }
    redis.disconnect()
    await cache.close()
  })
})

describe('a Redis that is lost', () => {
  const away: Error[] = []

  test('emptied in the middle: counts start again, nothing fails', async () => {
    const cache = await openRedis()
    for (let i = 0; i < 3; i++) await cache.take('a', limit, 1)
    expect((await cache.take('a', limit, 1)).allowed).toBe(false)
    const redis = new Redis(server.url)
    await redis.flushall()
    redis.disconnect()
    expect((await cache.take('a', limit, 1)).allowed).toBe(true)
    await cache.close()
  })

  test('frozen: the first to notice waits for the time-out, the others for nothing; each counts by itself', async () => {
    const environment = 'frozen'
    const cache = await openRedis(environment, away)
    server.freeze()
    try {
      const [first, firstMs] = await timed(async () => await cache.take('a', limit, 1))
      expect(first.allowed).toBe(true)
      expect(firstMs).toBeLessThan(patienceMs)
      const [taken, ms] = await timed(async () => {
        const all = []
        for (let i = 0; i < 200; i++) all.push(await cache.take('a', limit, 1))
        return all
      })
      expect(ms).toBeLessThan(patienceMs)
      expect(taken.filter(({ allowed }) => allowed).length).toBe(2)
      expect(await cache.claim('k', 1_000)).toBe(true)
      expect(away).toHaveLength(1)
    } finally {
      server.thaw()
    }
    await inUse(cache, environment)
    await cache.close()
  })

  test('killed: nobody waits, and it is used again a moment after it is back', async () => {
    const environment = 'killed'
    const cache = await openRedis(environment)
    await server.kill()
    const [, ms] = await timed(async () => {
      for (let i = 0; i < 200; i++) await cache.take(`n${i}`, limit, 1)
      expect(await cache.claim('k', 1_000)).toBe(true)
    })
    expect(ms).toBeLessThan(patienceMs)
    await server.start()
    await inUse(cache, environment)
    await cache.close()
  })

  test('never there: the process counts by itself from the start', async () => {
    await server.kill()
    try {
      const errors: Error[] = []
      const cache = createRedisCache({ url: server.url, environment: 'absent', onAway: (error) => errors.push(error) })
      const [taken, ms] = await timed(async () => await Promise.all([1, 2, 3, 4].map(() => cache.take('a', limit, 1))))
      expect(ms).toBeLessThan(patienceMs)
      expect(taken.map(({ allowed }) => allowed)).toEqual([true, true, true, false])
      await vi.waitFor(() => expect(errors).toHaveLength(1))
      await cache.close()
    } finally {
      await server.start()
    }
  })

  test('one that refuses the password: told once, and the password is in no error', async () => {
    const operator = new Redis(server.url)
    await operator.config('SET', 'requirepass', 'le-bon')
    try {
      const errors: Error[] = []
      const url = server.url.replace('//', '//:mot-de-passe-errone@')
      const cache = createRedisCache({ url, environment: 'refused', onAway: (error) => errors.push(error) })
      await vi.waitFor(() => expect(errors).toHaveLength(1))
      await sleep(300)
      expect((await cache.take('a', limit, 1)).allowed).toBe(true)
      expect(errors).toHaveLength(1)
      expect(inspect(errors, { depth: 9, showHidden: true })).not.toContain('mot-de-passe-errone')
      await cache.close()
    } finally {
      await operator.config('SET', 'requirepass', '')
      operator.disconnect()
    }
  })
})
