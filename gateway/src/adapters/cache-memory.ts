import type { Cache } from '../ports.ts'
import { gcra } from './gcra.ts'

/** Names kept of each sort. Beyond, the oldest is forgotten: that name starts with a full burst again. */
const maxNames = 20_000

/**
 * Limits and hints of this process alone. Enough for one replica; what each replica falls back on when Redis is away.
 * @param now milliseconds that never go back
 */
export function createMemoryCache(now: () => number = performance.now.bind(performance)): Cache {
  const settled = new Map<string, number>()
  const claimed = new Map<string, number>()
  return {
    async take(name, limit, cost) {
      const taken = gcra(settled.get(name), now(), limit, cost)
      // Written again at the end: a map keeps the order in which names came, and the oldest is the first to go.
      settled.delete(name)
      settled.set(name, taken.settled)
      forgetOldest(settled)
      return await Promise.resolve({ allowed: taken.allowed, retryAfterMs: taken.retryAfterMs })
    },
    async claim(name, ttlMs) {
      const isFree = (claimed.get(name) ?? 0) <= now()
      if (isFree) {
        claimed.delete(name)
        claimed.set(name, now() + ttlMs)
        forgetOldest(claimed)
      }
      return await Promise.resolve(isFree)
    },
    async release(name) {
      await Promise.resolve(claimed.delete(name))
    },
    async close() {
      settled.clear()
      await Promise.resolve(claimed.clear())
    },
  }
}

function forgetOldest(names: Map<string, number>): void {
  if (names.size > maxNames) names.delete(names.keys().next().value ?? '')
}
