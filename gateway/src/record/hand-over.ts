import type { KeyObject } from 'node:crypto'
import { commitmentOf, emptyEdge, type Envelope, jcs, leafText, toBase64 } from '@socle/schemas'
import type { Transaction } from 'kysely'
import type { Database } from '../store/database.ts'
import { insertRows } from '../store/insert.ts'
import { lockHead } from '../store/ledger-rows.ts'
import type { NewEntry } from './entry.ts'
import type { LedgerParts } from './ledger.ts'
import { createLogSigner } from './log-signer.ts'
import { standingOf } from './standing.ts'
import { writeBatch } from './write-batch.ts'

/** What a hand-over needs beside the ledger: the new log, and what its two entries are made of. */
export interface HandOverOrder {
  readonly origin: string
  /** Ed25519, of the new log alone. */
  readonly logKey: KeyObject
  readonly environment: Envelope['environment']
  readonly at: string
  readonly end: Made
  readonly start: Made
}

interface Made {
  readonly id: string
  readonly salt: Uint8Array
}

/** Both logs after it. */
export interface HandedOver {
  /** Number of the new log's first entry, in the ledger. */
  readonly first: number
  /** The last signed note of the old log and the first one of the new. */
  readonly ended: string
  readonly begun: string
}

/**
 * Ends the log of `parts` and begins the next, in one transaction under the head's lock: nobody appends between the two.
 * The last entry of the old log names the next (origin, key), signed with the old key; the first entry of the new one names
 * the end of the old (origin, size, root), signed with the new key: whoever holds both knows that nothing lies between.
 * A crash before the commit leaves the old log as it was, one after it the new one: there is nothing in between to mend.
 * @throws StoreDamagedError, ForeignLogError, LogEndedError, RangeError
 */
export async function handOver(
  tx: Transaction<Database>,
  order: HandOverOrder,
  parts: LedgerParts,
): Promise<HandedOver> {
  const { head } = await lockHead(tx, parts.dialect, { keys: [], isBegun: false })
  parts.at?.('head-locked')
  const { log } = parts
  const next = createLogSigner(order)
  if (head.size === 0) throw new RangeError('the log is empty: there is nothing to end, set HUB_LOG_ORIGIN')
  if (keyOf(next.vkey) === keyOf(log.vkey)) throw new RangeError('each log has a key of its own')
  const standing = await standingOf(tx, head, log)
  const { place } = standing

  const end = entryOf(order, order.end, { type: 'end', shard: { origin: next.origin, vkey: next.vkey } })
  const ended = await writeBatch(tx, parts, { standing, fresh: [{ index: head.size, entry: end }] })
  const first = ended.size
  const previous = { origin: log.origin, size: ended.tree.edge.size, root: toBase64(ended.tree.root) }
  const start = entryOf(order, order.start, { type: 'start', shard: previous })
  const begun = await writeBatch(
    tx,
    { ...parts, log: next },
    {
      standing: { place: { shard: place.shard + 1, first }, edge: emptyEdge() },
      fresh: [{ index: first, entry: start }],
    },
  )
  const rows: [number, string, string, number][] = [[place.shard + 1, next.origin, next.vkey, first]]
  if (place.shard === 0) rows.unshift([0, log.origin, log.vkey, 0])
  await insertRows(tx, parts.dialect, { table: 'shards', columns: ['number', 'origin', 'vkey', 'first'] }, rows)
  return { first, ended: ended.checkpoint, begun: begun.checkpoint }
}

/** The key itself, whatever the name. */
function keyOf(vkey: string): string {
  return vkey.split('+').slice(2).join('+')
}

function entryOf(
  { environment, at }: HandOverOrder,
  { id, salt }: Made,
  said: { readonly type: 'start' | 'end'; readonly shard: NonNullable<Envelope['shard']> },
): NewEntry {
  const envelope: Envelope = { v: 1, id, kind: 'shard', environment, at, ...said }
  const bytes = Buffer.from(jcs(envelope))
  const leaf = Buffer.from(leafText(envelope, commitmentOf(salt, bytes), undefined))
  return { id, kind: 'shard', type: said.type, at, leaf, envelope: bytes, salt, effects: [] }
}
