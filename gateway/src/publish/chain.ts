/**
 * The last sequence that went to each topic-partition: what `hub-prev` says, so that whoever reads a partition sees that
 * a record is missing. Told by the log alone: the same entries give the same chain again after a crash.
 */
export interface Chain {
  readonly partitions: number
  readonly last: ReadonlyMap<string, number>
}

/**
 * The chain as it was saved beside the relay's position. Another number of partitions is another set of topics, on which
 * nothing has been published yet.
 */
export function parseChain(state: string, partitions: number): Chain {
  if (state === '') return { partitions, last: new Map() }
  const saved = JSON.parse(state) as { readonly partitions: number; readonly last: Readonly<Record<string, number>> }
  return { partitions, last: new Map(saved.partitions === partitions ? Object.entries(saved.last) : []) }
}

export function formatChain({ partitions, last }: Chain): string {
  return JSON.stringify({ partitions, last: Object.fromEntries(last) })
}

/** What stands in the log, and where it goes. */
export interface Link {
  readonly topic: string
  readonly partition: number
  readonly sequence: number
}

/** Gives each its predecessor; the chain given is left as it is, for the case that the bus refuses them. */
export function extend<T extends Link>(
  chain: Chain,
  links: readonly T[],
): { readonly chain: Chain; readonly linked: readonly (T & { readonly previous: number })[] } {
  const last = new Map(chain.last)
  const linked = links.map((link) => {
    const place = `${link.topic}/${link.partition}`
    const previous = last.get(place) ?? -1
    last.set(place, link.sequence)
    return { ...link, previous }
  })
  return { chain: { ...chain, last }, linked }
}
