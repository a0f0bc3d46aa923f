import type { Hub } from '../hub.ts'
import { moveCursor, readPlace } from '../store/cursors.ts'
import { type LeaseHeld, releaseLease, takeLease } from '../store/leases.ts'
import { formatChain, parseStanding } from './chain.ts'
import { relayCursor } from './relay.ts'

/** Another replica has the relay: the ledger may not be changed under it. */
export class RelayBusyError extends Error {
  override readonly name = 'RelayBusyError'
}

/**
 * Puts the relay where the topics are. They hold records of entries that the ledger lost, so each of its own was
 * published before: nothing waits below `to`, and the next record of a partition must name the newest one there as the
 * one before it, or consumers would stop and say that one is missing. Topics that hold nothing beyond `from` need none
 * of this: there the relay repeats itself, as after any crash.
 * @throws RelayBusyError
 */
export async function skipLost(hub: Hub, { from, to }: { readonly from: number; readonly to: number }): Promise<void> {
  const { writer, reader, dialect } = hub.store
  const source = `//${hub.ledger.name}`
  const tails = (await hub.bus.tails()).filter((tail) => tail.source === source)
  if (!tails.some(({ sequence }) => sequence >= from)) return
  const lease: LeaseHeld | undefined = await takeLease(
    writer,
    dialect,
    { name: relayCursor, holder: hub.holder },
    hub.config.leaseMs,
  )
  if (!lease)
    throw new RelayBusyError('un socle publie encore : arrêtez-les tous / a hub still publishes: stop them all')
  const { chain } = parseStanding(await readPlace(reader, relayCursor), hub.bus.partitions)
  const last = new Map(chain.last)
  for (const { topic, partition, sequence } of tails) last.set(`${topic}/${partition}`, sequence)
  const place = { position: to, state: formatChain({ ...chain, last }) }
  const moved = await moveCursor(writer, dialect, { lease, place, at: hub.clock() })
  await releaseLease(writer, lease)
  if (!moved)
    throw new RelayBusyError('un socle publie encore : arrêtez-les tous / a hub still publishes: stop them all')
}
