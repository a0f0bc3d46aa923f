import type { Place } from '../store/cursors.ts'

/**
 * The last sequence that went to each topic-partition: what `hub-prev` says, so that whoever reads a partition sees that
 * a record is missing. Told by the log alone: the same entries give the same chain again after a crash.
 */
export interface Chain {
  readonly partitions: number
  readonly last: ReadonlyMap<string, number>
}

/** Where the relay stands: everything before `position` is with the bus. */
export interface Standing {
  readonly position: number
  readonly chain: Chain
}

/**
 * The standing as it was saved. Another number of partitions is another set of topics, on which nothing has been
 * published yet, so all of the log is to come: of a hub that had no Kafka until now, or not for a while (its own bus has
 * one partition). Whoever reads those topics drops what he has seen.
 */
export function parseStanding({ position, state }: Place, partitions: number): Standing {
  const saved = state === '' ? { partitions: 1, last: {} } : (JSON.parse(state) as Saved)
  if (saved.partitions !== partitions) return { position: 0, chain: { partitions, last: new Map() } }
  return { position, chain: { partitions, last: new Map(Object.entries(saved.last)) } }
}

interface Saved {
  readonly partitions: number
  readonly last: Readonly<Record<string, number>>
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
