import type { Hub } from './hub.ts'
import { type LeaseHeld, releaseLease, renewLease, takeLease } from './store/leases.ts'

/** The right to run one loop of the hub, among all replicas on a store. */
export interface Lease extends LeaseHeld {
  /**
   * False as soon as it may have passed to another. Asked before each act that leaves the process: a replica that was
   * frozen for half a minute must find out before it acts, not after. Counted on the monotonic clock, which goes on
   * while a process is stopped and which nobody can set.
   */
  held(): boolean
}

/** One of the hub's loops. Comes back when the signal says so, or when it finds its lease gone. */
type Loop = (hub: Hub, lease: Lease, signal: AbortSignal) => Promise<void>

/** Taken again this often while it is held, and asked for again while it is not: thirds of its length. */
const tries = 3

/**
 * Runs `work` in at most one replica at a time, again and again until the signal says stop. What `work` writes is fenced
 * by the epoch in SQL (`moveCursor`, idempotency keys of deliveries); this only spares the work and says when to stop.
 * A crash leaves the lease to end by itself: the next holder starts at most `leaseMs` later.
 */
export async function underLease(hub: Hub, name: string, signal: AbortSignal, work: Loop): Promise<void> {
  const every = hub.config.leaseMs / tries
  while (!signal.aborted) {
    const asked = performance.now()
    const taken = await take(hub, name)
    if (!taken) {
      await hub.pause(every, signal)
      continue
    }
    await hold(hub, taken, { asked, signal, work })
  }
}

async function take(hub: Hub, name: string): Promise<LeaseHeld | undefined> {
  const { writer, dialect } = hub.store
  try {
    return await takeLease(writer, dialect, { name, holder: hub.holder }, hub.config.leaseMs)
  } catch (error) {
    hub.events.failed('lease', error)
    return undefined
  }
}

interface Turn {
  /** When the lease was asked for: its length counts from before the store granted it. */
  readonly asked: number
  readonly signal: AbortSignal
  readonly work: Loop
}

async function hold(hub: Hub, taken: LeaseHeld, { asked, signal, work }: Turn): Promise<void> {
  const { writer, dialect } = hub.store
  const { leaseMs } = hub.config
  const lost = new AbortController()
  let until = asked + leaseMs
  const lease: Lease = { ...taken, held: () => !lost.signal.aborted && performance.now() < until }
  hub.events.leased(taken.name, true)

  async function renew(): Promise<void> {
    const from = performance.now()
    try {
      if (!lease.held() || !(await renewLease(writer, dialect, taken, leaseMs))) return lost.abort()
      until = from + leaseMs
    } catch (error) {
      // The store may be back before the lease is over; if not, `held` says so.
      hub.events.failed('lease', error)
      if (!lease.held()) lost.abort()
    }
  }
  const timer = setInterval(() => void renew(), leaseMs / tries)
  try {
    await work(hub, lease, AbortSignal.any([signal, lost.signal]))
  } catch (error) {
    hub.events.failed(taken.name, error)
    await hub.pause(leaseMs / tries, signal)
  } finally {
    clearInterval(timer)
    lost.abort()
    hub.events.leased(taken.name, false)
    await releaseLease(writer, taken).catch((error: unknown) => hub.events.failed('lease', error))
  }
}
