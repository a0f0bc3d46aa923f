import { type Edge, equalHashes, parseEdge, reasonOf, rootOfEdge } from '@socle/schemas'
import type { Transaction } from 'kysely'
import type { Database } from '../store/database.ts'
import type { LockedHead } from '../store/ledger-rows.ts'
import { type LogPlace, readShards } from '../store/shards.ts'
import { ForeignLogError, LogEndedError, StoreDamagedError } from './ledger-errors.ts'
import type { LogSigner } from './log-signer.ts'

/** Where the next entry goes: the log, and the edge of its tree. */
export interface Standing {
  readonly place: LogPlace
  readonly edge: Edge
}

/**
 * Where the log stands by the head's row, once its edge gave the root that was signed last: a flipped bit in that row
 * would else pass into every root to come. Older leaves and tiles count in a new root through the edge alone, so that
 * what rotted in them is not signed over either: whoever exports, verifies or asks for a proof finds it.
 * @throws StoreDamagedError, ForeignLogError, LogEndedError
 */
export async function standingOf(
  tx: Transaction<Database>,
  head: LockedHead['head'],
  log: LogSigner,
): Promise<Standing> {
  const { size, first, shard, edge: nodes, checkpoint } = head
  const place = { shard, first }
  if (checkpoint === '' && size === 0 && nodes.length === 0) return { place, edge: { size, nodes } }
  const signed = await openOurs(tx, checkpoint, log)
  let edge: Edge
  try {
    edge = parseEdge(size - first, nodes)
  } catch (cause) {
    throw new StoreDamagedError(`the head is not as it was written: ${reasonOf(cause)}`, { cause })
  }
  if (signed.size !== edge.size || !equalHashes(rootOfEdge(edge), signed.root))
    throw new StoreDamagedError(`the edge of the tree does not give the root that was signed at ${signed.size} entries`)
  return { place, edge }
}

/** A log of ours that ended is no stranger: this replica was not restarted since the hand-over. */
async function openOurs(
  tx: Transaction<Database>,
  note: string,
  log: LogSigner,
): Promise<ReturnType<LogSigner['open']>> {
  try {
    return log.open(note)
  } catch (error) {
    if (!(error instanceof ForeignLogError)) throw error
    const shards = await readShards(tx)
    const ended = shards.some(
      ({ origin, vkey, end }) => origin === log.origin && vkey === log.vkey && end !== undefined,
    )
    throw ended ? new LogEndedError(log.origin, error.origin) : error
  }
}
