import { type Appended as Grown, appendLeaves, leafHash } from '@socle/schemas'
import type { Transaction } from 'kysely'
import type { Database } from '../store/database.ts'
import { insertRows } from '../store/insert.ts'
import { moveHead } from '../store/ledger-rows.ts'
import { tileRow } from '../store/shards.ts'
import { writeEffects } from './effects.ts'
import type { NewEntry } from './entry.ts'
import type { LedgerParts } from './ledger.ts'
import { requireWritten } from './read-back.ts'
import type { Standing } from './standing.ts'

/** Entries with the ledger's next numbers, in order, at least one. */
export interface Batch {
  readonly standing: Standing
  readonly fresh: readonly { readonly index: number; readonly entry: NewEntry }[]
}

export interface WrittenBatch {
  /** Of the ledger. */
  readonly size: number
  readonly tree: Grown
  /** The signed note, which says the log's own size. */
  readonly checkpoint: string
}

/**
 * Writes the rows of entries, reads them back, signs the head over them and moves it: all of it under the head's lock.
 * @throws StoreDamagedError: then nothing was signed
 */
export async function writeBatch(
  tx: Transaction<Database>,
  parts: LedgerParts,
  { standing, fresh }: Batch,
): Promise<WrittenBatch> {
  const { place, edge: before } = standing
  const tree = appendLeaves(
    before,
    fresh.map(({ entry }) => leafHash(entry.leaf)),
  )
  const size = place.first + tree.edge.size
  await insertFresh(tx, parts, fresh, size)
  await insertRows(
    tx,
    parts.dialect,
    { table: 'tree_nodes', columns: ['level', 'idx', 'hash'] },
    tree.tileHashes.map(({ level, index, hash }) => [level, tileRow(place, index), hash]),
  )
  parts.at?.('entries-inserted')

  await requireWritten(tx, { dialect: parts.dialect, place, before, ...tree })
  const checkpoint = parts.log.sign(tree.edge.size, tree.root)
  parts.at?.('checkpoint-signed')
  const newest = fresh[fresh.length - 1]
  await insertRows(tx, parts.dialect, { table: 'checkpoints', columns: ['size', 'at', 'note', 'token'] }, [
    [size, newest?.entry.at ?? '', checkpoint, null],
  ])
  await moveHead(tx, { size, edge: tree.edge.nodes, checkpoint, ...place })
  parts.at?.('head-moved')
  return { size, tree, checkpoint }
}

async function insertFresh(
  tx: Transaction<Database>,
  parts: Pick<LedgerParts, 'dialect' | 'vault'>,
  fresh: readonly { index: number; entry: NewEntry }[],
  size: number,
): Promise<void> {
  const { dialect } = parts
  await insertRows(
    tx,
    dialect,
    {
      table: 'entries',
      columns: ['idx', 'id', 'kind', 'type', 'at', 'account', 'leaf', 'envelope', 'salt', 'seal', 'checkpoint_size'],
    },
    fresh.map(({ index, entry }) => [
      index,
      entry.id,
      entry.kind,
      entry.type,
      entry.at,
      entry.account ?? null,
      entry.leaf,
      entry.envelope,
      entry.salt,
      entry.seal ?? null,
      size,
    ]),
  )
  const keys = fresh.flatMap(({ index, entry }) =>
    entry.idempotency ? [[entry.idempotency.account, entry.idempotency.key, entry.idempotency.sha256, index]] : [],
  )
  await insertRows(tx, dialect, { table: 'idempotency_keys', columns: ['account', 'key', 'sha256', 'idx'] }, keys)
  await writeEffects(tx, parts, fresh)
}
