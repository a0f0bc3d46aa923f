import { createHash, randomUUID } from 'node:crypto'
import type { Cache } from '../ports.ts'
import { createMemoryCache } from './cache-memory.ts'
import { openRedisLink } from './redis-link.ts'

export interface RedisCacheSettings {
  /** redis:// or, with TLS, rediss://; it may hold a password, so it is never logged. */
  readonly url: string
  /** Test data and real data never share a key. */
  readonly environment: string
  readonly onAway: (error: Error) => void
}

/** `gcra.ts` in one step on the server and by its clock, so that replicas whose clocks differ still share one count. */
const takeScript = `
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local interval, burst, cost = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local tolerance = burst * interval
local settled = tonumber(redis.call('GET', KEYS[1]) or now) or now
settled = math.min(math.max(settled, now), now + tolerance)
local following = settled + math.min(cost, burst) * interval
local wait = following - tolerance - now
if wait > 0.001 then return {0, math.ceil(wait)} end
redis.call('SET', KEYS[1], string.format('%.3f', following), 'PX', math.ceil(following - now) + 1000)
return {1, 0}`

/** A claim that ran out may be somebody else's by now: only its owner takes it away. */
const releaseScript = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0`

/**
 * Limits and hints that replicas share. Holds counters and claims only, never a document, a token or a secret, and each
 * key expires by itself. When the server is away each replica counts for itself, and every claim is granted.
 */
export function createRedisCache({ url, environment, onAway }: RedisCacheSettings): Cache {
  const link = openRedisLink(url, onAway)
  const own = createMemoryCache()
  const mine = new Map<string, string>()
  // Callers choose a part of a claim's name: hashed, it has one length and says nothing.
  const claimKey = (name: string): string =>
    `socle:${environment}:claim:${createHash('sha256').update(name).digest('base64url')}`
  return {
    async take(name, limit, cost) {
      const settings = [1_000 / limit.perSecond, limit.burst, cost].map(String)
      const answer = await link.ask(
        async (redis) => await redis.eval(takeScript, 1, `socle:${environment}:rate:${name}`, ...settings),
      )
      if (!isPair(answer)) return await own.take(name, limit, cost)
      return { allowed: answer[0] === 1, retryAfterMs: answer[1] }
    },
    async claim(name, ttlMs) {
      const token = randomUUID()
      const answer = await link.ask(async (redis) => [await redis.set(claimKey(name), token, 'PX', ttlMs, 'NX')])
      if (answer === undefined) return true
      if (answer[0] !== 'OK') return false
      mine.set(name, token)
      // Whoever forgets to release must not fill this process either.
      setTimeout(() => mine.get(name) === token && mine.delete(name), ttlMs).unref()
      return true
    },
    async release(name) {
      const token = mine.get(name)
      if (token === undefined) return
      mine.delete(name)
      await link.ask(async (redis) => await redis.eval(releaseScript, 1, claimKey(name), token))
    },
    async close() {
      link.close()
      await own.close()
    },
  }
}

function isPair(answer: unknown): answer is readonly [number, number] {
  return Array.isArray(answer) && answer.length === 2 && answer.every((part) => typeof part === 'number')
}
