/**
 * Works on items of a source, so many at a time, and gives the results in the order of the items, each as soon as it and
 * those before it are there. The source is read no faster than results are taken. When it fails, the results of what it
 * gave come first, then its error.
 */
export async function* ordered<I, O>(
  source: AsyncIterable<I>,
  work: (item: I) => Promise<O>,
  width: number,
): AsyncGenerator<O> {
  const iterator = source[Symbol.asyncIterator]()
  const pending: Promise<O>[] = []
  let next: Promise<Pulled<I>> | undefined = pull(iterator)
  let failure: { readonly error: unknown } | undefined
  try {
    while (next !== undefined || pending.length > 0) {
      const [first] = pending
      const came: Pulled<I> | undefined =
        next === undefined || pending.length >= width ? undefined : await soonest(next, first)
      if (came === undefined) {
        if (first !== undefined) yield await first
        void pending.shift()
        continue
      }
      next = came.state === 'item' ? pull(iterator) : undefined
      if (came.state === 'item') pending.push(work(came.item))
      if (came.state === 'failed') failure = came
    }
  } finally {
    await iterator.return?.()
  }
  if (failure !== undefined) throw failure.error
}

type Pulled<I> =
  | { readonly state: 'item'; readonly item: I }
  | { readonly state: 'end' }
  | { readonly state: 'failed'; readonly error: unknown }

async function pull<I>(iterator: AsyncIterator<I>): Promise<Pulled<I>> {
  try {
    const { done, value } = await iterator.next()
    return done === true ? { state: 'end' } : { state: 'item', item: value }
  } catch (error) {
    return { state: 'failed', error }
  }
}

/** The next item, or nothing when a result was there before it. */
async function soonest<I, O>(next: Promise<Pulled<I>>, first: Promise<O> | undefined): Promise<Pulled<I> | undefined> {
  if (first === undefined) return await next
  return await Promise.race([
    next,
    first.then(
      () => undefined,
      () => undefined,
    ),
  ])
}
