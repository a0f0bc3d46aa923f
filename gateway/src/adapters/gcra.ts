import type { RateLimit } from '../ports.ts'

export interface Taken {
  readonly allowed: boolean
  /** When the same cost may be tried again, in milliseconds; 0 when it was allowed. */
  readonly retryAfterMs: number
}

/**
 * Generic cell rate algorithm: one number a name, the instant at which its account is settled. Pure; milliseconds.
 * The script in `cache-redis.ts` says the same in Lua, on the server's clock: the contract suite holds both to it.
 * @param settled what the last call gave; undefined for a name that is new
 * @returns the new instant, unchanged when the cost is refused
 */
export function gcra(
  settled: number | undefined,
  now: number,
  limit: RateLimit,
  cost: number,
): Taken & { readonly settled: number } {
  const interval = 1_000 / limit.perSecond
  const tolerance = limit.burst * interval
  // A clock that went back must not lock anybody out for longer than a full burst.
  const from = Math.min(Math.max(settled ?? now, now), now + tolerance)
  // More than the burst would never pass: it then costs the whole burst.
  const next = from + Math.min(cost, limit.burst) * interval
  const wait = next - tolerance - now
  if (wait > 1e-6) return { allowed: false, retryAfterMs: Math.ceil(wait), settled: from }
  return { allowed: true, retryAfterMs: 0, settled: next }
}
