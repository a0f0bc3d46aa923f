/** A small seeded generator (mulberry32), so that a run can be told to choose again as it did. */
export interface Random {
  /** 0 to 1, 1 excluded. */
  next(): number
  /** An integer of [low, high). */
  between(low: number, high: number): number
  pick<T>(items: readonly T[]): T | undefined
}

export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const between = (low: number, high: number): number => low + Math.floor(next() * (high - low))
  return { next, between, pick: (items) => items[between(0, items.length)] }
}
