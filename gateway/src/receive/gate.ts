import { HubError } from '../errors.ts'
import { createFairQueue, type Lane, type Offer } from '../fair-queue.ts'

export interface GateLimits {
  /** Documents on their way at a time; `urgent` of them besides are kept for the urgent lane. */
  readonly inHand: Readonly<Record<Lane, number>>
  /** Cost that may wait, a lane. */
  readonly places: Readonly<Record<Lane, number>>
}

export interface Gate {
  /**
   * Does the work when its account's turn has come.
   * @throws HubError OVERLOADED when there is no place, or when the place had to be given up to an account with less
   */
  pass<T>(offer: Offer, work: () => Promise<T>): Promise<T>
  readonly waiting: number
}

interface Waiter {
  readonly lane: Lane
  readonly go: () => void
  readonly refuse: (error: HubError) => void
}

/**
 * Lets so many documents through at a time, the others by account in turn. Whoever is refused has left nothing behind:
 * no work of it has begun.
 */
export function createGate({ inHand, places }: GateLimits): Gate {
  const queue = createFairQueue<Waiter>(places)
  let inside = 0

  function admitNext(): void {
    while (inside < inHand.common + inHand.urgent) {
      const next = queue.next(inside < inHand.common ? undefined : 'urgent')
      if (!next) return
      inside++
      next.go()
    }
  }

  async function turn(offer: Offer): Promise<void> {
    await new Promise<void>((go, refuse) => {
      const offered = queue.offer({ lane: offer.lane, go, refuse }, offer)
      if (!offered.taken) refuse(full())
      else for (const out of offered.displaced) out.refuse(full())
      admitNext()
    })
  }

  return {
    async pass(offer, work) {
      await turn(offer)
      try {
        return await work()
      } finally {
        inside--
        admitNext()
      }
    },
    get waiting() {
      return queue.size
    },
  }
}

function full(): HubError {
  return new HubError('OVERLOADED', { retryAfterSeconds: 2 })
}
