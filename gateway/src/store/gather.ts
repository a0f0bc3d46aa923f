interface Waiting<Q, A> {
  readonly question: Q
  readonly resolve: (answer: A) => void
  readonly reject: (error: unknown) => void
}

/**
 * Questions that come in one turn of the event loop become one statement: thirty deposits whose predecessors were
 * answered by one commit cost one journey to the server, not thirty. A lone one waits for the end of its turn.
 * @param ask gives the answers in the order of the questions; when it rejects, so does every question
 * @param most questions a statement
 */
export function gather<Q, A>(
  ask: (questions: readonly Q[]) => Promise<readonly A[]>,
  most: number,
): (question: Q) => Promise<A> {
  let waiting: Waiting<Q, A>[] = []

  async function askAll(some: readonly Waiting<Q, A>[]): Promise<void> {
    try {
      const answers = await ask(some.map(({ question }) => question))
      if (answers.length !== some.length) throw new Error('as many answers as questions are needed')
      some.forEach(({ resolve }, i) => resolve(answers[i] as A))
    } catch (error) {
      for (const { reject } of some) reject(error)
    }
  }

  function send(): void {
    const all = waiting
    waiting = []
    for (let from = 0; from < all.length; from += most) void askAll(all.slice(from, from + most))
  }

  return async (question) =>
    await new Promise<A>((resolve, reject) => {
      waiting.push({ question, resolve, reject })
      if (waiting.length === 1) setImmediate(send)
    })
}
