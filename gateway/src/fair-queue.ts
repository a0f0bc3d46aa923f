/** Urgent work has places of its own and goes first; see `receive/admission.ts` for what is urgent. */
export type Lane = 'urgent' | 'common'

export interface Offer {
  readonly account: string
  readonly lane: Lane
  /** What it takes of the places: 1 or more. More than there are counts for all of them. */
  readonly cost: number
}

/** What became of an offer. Whoever is `displaced` leaves the queue for good and must be told. */
export type Offered<T> = { readonly taken: true; readonly displaced: readonly T[] } | { readonly taken: false }

export interface FairQueue<T> {
  offer(item: T, offer: Offer): Offered<T>
  /** The next in turn, without those of the common lane when only urgent work may go on. */
  next(only?: 'urgent'): T | undefined
  readonly size: number
}

/** Urgent work goes first, but not for ever: after so many in a row one of the common lane has its turn. */
const urgentInARow = 4

interface Waiting<T> {
  readonly item: T
  readonly cost: number
}

/** What an account has waiting, in the order it came. */
interface Held<T> {
  readonly waiting: Waiting<T>[]
  cost: number
}

/**
 * Who waits is served by account in turn, each account's own in the order they came. Nobody's share is fixed: alone, an
 * account may fill the lane; when others come, it gives its newest places up to them until all hold the same.
 * Pure, and as fair to a thousand accounts as to two: each account that waits is served once before any is served twice.
 * @param places cost that may wait, a lane
 */
export function createFairQueue<T>(places: Readonly<Record<Lane, number>>): FairQueue<T> {
  const lanes = { urgent: createLane<T>(places.urgent), common: createLane<T>(places.common) }
  let urgentServed = 0
  return {
    offer: (item, { lane, account, cost }) => lanes[lane].offer(item, account, cost),
    next(only) {
      const isCommonsTurn = only === undefined && urgentServed >= urgentInARow && lanes.common.size > 0
      if (lanes.urgent.size > 0 && !isCommonsTurn) {
        urgentServed++
        return lanes.urgent.next()
      }
      if (only === 'urgent') return undefined
      urgentServed = 0
      return lanes.common.next()
    },
    get size() {
      return lanes.urgent.size + lanes.common.size
    },
  }
}

interface LaneQueue<T> {
  offer(item: T, account: string, cost: number): Offered<T>
  next(): T | undefined
  readonly size: number
}

function createLane<T>(places: number): LaneQueue<T> {
  // The order of the map is the order of the turns: whoever was served goes to its end.
  const accounts = new Map<string, Held<T>>()
  let used = 0
  let size = 0

  /** Whose newest must go, one after the other, until `cost` fits; undefined when that would only turn the tables. */
  function victims(account: string, cost: number): readonly string[] | undefined {
    const out: string[] = []
    if (places - used >= cost) return out
    const own = (accounts.get(account)?.cost ?? 0) + cost
    const left = new Map(
      [...accounts].map(([name, { waiting, cost: held }]) => [name, { held, count: waiting.length }]),
    )
    left.delete(account)
    for (let free = places - used; free < cost;) {
      const [name, rest] = heaviest(left)
      const last = accounts.get(name)?.waiting[(rest?.count ?? 0) - 1]
      // After it, whoever gives way must still hold as much as whoever comes in.
      if (rest === undefined || last === undefined || rest.held - last.cost < own) return undefined
      left.set(name, { held: rest.held - last.cost, count: rest.count - 1 })
      out.push(name)
      free += last.cost
    }
    return out
  }

  function remove(account: string, end: 'oldest' | 'newest'): readonly T[] {
    const held = accounts.get(account)
    const gone = end === 'oldest' ? held?.waiting.shift() : held?.waiting.pop()
    if (held === undefined || gone === undefined) return []
    held.cost -= gone.cost
    if (held.waiting.length === 0) accounts.delete(account)
    used -= gone.cost
    size--
    return [gone.item]
  }

  return {
    offer(item, account, wanted) {
      const cost = Math.min(wanted, places)
      const out = victims(account, cost)
      if (out === undefined) return { taken: false }
      const displaced = out.flatMap((name) => remove(name, 'newest'))
      const held = accounts.get(account) ?? { waiting: [], cost: 0 }
      held.waiting.push({ item, cost })
      held.cost += cost
      accounts.set(account, held)
      used += cost
      size++
      return { taken: true, displaced }
    },
    next() {
      const [account, held] = accounts.entries().next().value ?? []
      if (account === undefined || held === undefined) return undefined
      const [item] = remove(account, 'oldest')
      if (accounts.delete(account)) accounts.set(account, held)
      return item
    },
    get size() {
      return size
    },
  }
}

interface Left {
  readonly held: number
  readonly count: number
}

function heaviest(accounts: ReadonlyMap<string, Left>): readonly [string, Left | undefined] {
  let most: readonly [string, Left | undefined] = ['', undefined]
  for (const entry of accounts) if (entry[1].held > (most[1]?.held ?? 0)) most = entry
  return most
}
