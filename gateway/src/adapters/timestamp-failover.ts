import type { TimestampAuthority } from '../ports.ts'

/** An authority with the name that the log of the hub gives it. */
export interface NamedAuthority {
  readonly name: string
  readonly authority: TimestampAuthority
}

/** After so many failures in a row an authority is left alone for so long, unless no other is left to ask. */
export const breaker = { failures: 2, restMs: 30_000 } as const

/**
 * Asks authorities in their order until one gives a token that passes. Whoever failed twice in a row rests for half a
 * minute, so that a dead first authority does not cost its time-out at each stamp; when all rest, the one whose rest ends
 * first is asked: there is always a try.
 * @param onRefused told of each authority that gave nothing good, also when another did
 * @throws AggregateError with every reason when none gave a good token
 */
export function createTimestampFailover(
  authorities: readonly NamedAuthority[],
  onRefused: (name: string, error: unknown) => void,
): TimestampAuthority {
  const states = authorities.map((one) => ({ ...one, failures: 0, restsUntil: 0 }))
  type State = (typeof states)[number]

  function turn(now: number): readonly State[] {
    const awake = states.filter(({ restsUntil }) => restsUntil <= now)
    return awake.length > 0 ? awake : states.toSorted((a, b) => a.restsUntil - b.restsUntil).slice(0, 1)
  }

  return {
    async stamp(data, accept, digest) {
      const reasons: Error[] = []
      for (const state of turn(performance.now())) {
        try {
          const token = await state.authority.stamp(data, accept, digest)
          state.failures = 0
          state.restsUntil = 0
          return token
        } catch (error) {
          state.failures++
          if (state.failures >= breaker.failures) state.restsUntil = performance.now() + breaker.restMs
          onRefused(state.name, error)
          reasons.push(new Error(`${state.name}: ${error instanceof Error ? error.message : String(error)}`))
        }
      }
      throw new AggregateError(reasons, `no good timestamp: ${reasons.map(({ message }) => message).join('; ')}`)
    },
  }
}
