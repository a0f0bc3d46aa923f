/** Time that one turn of the event loop may give to this work; then sockets and timers have theirs. */
const budgetMs = 1

export interface Turns {
  /** Runs a short synchronous job, in order of arrival, in the first turn that has time for it. */
  run<T>(job: () => T): Promise<T>
}

/**
 * Shares the main thread fairly. Answers of a group commit leave together and bring their senders' next documents
 * together: judged all in one turn, thirty documents would hold up new connections, health checks and commits.
 */
export function createTurns(now: () => number = performance.now.bind(performance)): Turns {
  let waiting: (() => void)[] = []
  let scheduled = false

  function turn(): void {
    const end = now() + budgetMs
    let done = 0
    do {
      waiting[done]?.()
      done += 1
    } while (done < waiting.length && now() < end)
    waiting = waiting.slice(done)
    scheduled = waiting.length > 0
    if (scheduled) setImmediate(turn)
  }

  return {
    run: async (job) =>
      await new Promise((resolve, reject) => {
        waiting.push(() => {
          try {
            resolve(job())
          } catch (error) {
            reject(error)
          }
        })
        if (!scheduled) setImmediate(turn)
        scheduled = true
      }),
  }
}
