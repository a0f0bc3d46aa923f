/** Which broker is asked first, shared by every producer of the bus. */
export interface Seeds {
  current(): string
  /** It did not let us in: the next one is asked from now on. Told late, of one that is no longer current, it is nothing. */
  pass(seed: string): void
}

/**
 * kafkajs picks its first broker by chance and sticks to it when it connects but never answers, as a frozen one does: with
 * several producers one of them nearly always picks that one. Here what one of them has found out holds for all.
 */
export function createSeeds(brokers: readonly string[]): Seeds {
  let at = 0
  const current = (): string => brokers[at % brokers.length] ?? ''
  return {
    current,
    pass(seed) {
      if (seed === current()) at++
    },
  }
}
