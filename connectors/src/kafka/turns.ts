/** Runs `work` when everything that was given earlier under the same key has ended. */
export type Turns = <Result>(key: string, work: () => Promise<Result>) => Promise<Result>

/** One at a time for each key: two topics may carry the same consultation, its handler still runs alone. */
export function createTurns(): Turns {
  const last = new Map<string, Promise<unknown>>()
  return async (key, work) => {
    const before = last.get(key) ?? Promise.resolve()
    const mine = before.then(work, work)
    const ended = mine.catch(() => undefined)
    last.set(key, ended)
    try {
      return await mine
    } finally {
      if (last.get(key) === ended) last.delete(key)
    }
  }
}
