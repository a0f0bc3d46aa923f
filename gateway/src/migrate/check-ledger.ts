import {
  appendLeaves,
  commitmentOf,
  type Edge,
  emptyEdge,
  type Envelope,
  equalHashes,
  type Head,
  leafHash,
  leafText,
  type NoteVerifier,
  openCheckpoint,
  type TileHash,
} from '@socle/schemas'
import type { CheckpointRow, EntryRow, Writer } from '../store/database.ts'
import { readHead } from '../store/ledger-rows.ts'
import { firstLog, type LogPlace, readShards, tileRow } from '../store/shards.ts'
import type { Vault } from '../store/vault.ts'
import { checkDocument } from './check-document.ts'
import { checkErased, isBlank } from './check-erased.ts'
import { LedgerDamagedError } from './damaged.ts'

/** What a check went through. Everything else in a store (accounts, cursors, keys of senders) has nothing to be held to. */
export interface CheckedLedger {
  readonly size: number
  /** Hexadecimal. */
  readonly root: string
  readonly checkpoints: number
  readonly documents: number
}

/** What a ledger is checked with. */
export interface LedgerKeys {
  /** Public keys of its logs, the ones before the present one included. */
  readonly logKeys: readonly NoteVerifier[]
  /** Opens documents. */
  readonly vault: Vault
}

/** Checkpoints read at a time; each stands for at most 256 entries. */
const checkpointsAtOnce = 32

interface Progress {
  /** Of the ledger. */
  readonly size: number
  /** Of the log that the last entry is in. */
  readonly edge: Edge
  readonly root: Uint8Array
  readonly note: string
  readonly checkpoints: number
  readonly documents: number
  readonly tiles: number
}

/**
 * Computes every log of the ledger again: each leaf from its envelope, salt and seal, each tile and the root at each checkpoint
 * from the leaves, each document's digest from its bytes, and verifies every checkpoint's signature.
 * @throws LedgerDamagedError naming the first thing that is not as it was recorded
 */
export async function checkLedger(db: Writer, { logKeys, vault }: LedgerKeys): Promise<CheckedLedger> {
  const shards = await readShards(db)
  const empty = { root: new Uint8Array(0), note: '', checkpoints: 0, documents: 0, tiles: 0 }
  let progress: Progress = { size: 0, edge: emptyEdge(), ...empty }
  for (;;) {
    const checkpoints = await checkpointsAfter(db, progress.size)
    if (checkpoints.length === 0) break
    for (const checkpoint of checkpoints) {
      const log = shards.findLast(({ first }) => first <= progress.size)
      const keys = log ? logKeys.filter(({ name }) => name === log.origin) : logKeys
      const edge = log?.first === progress.size ? emptyEdge() : progress.edge
      const place = log ?? firstLog
      progress = await checkStep({ db, vault }, { keys, place, checkpoint }, { ...progress, edge })
    }
  }
  await checkEnds(db, progress)
  const { size, root, checkpoints, documents } = progress
  return { size, root: Buffer.from(root).toString('hex'), checkpoints, documents }
}

async function checkpointsAfter(db: Writer, size: number): Promise<readonly CheckpointRow[]> {
  const later = db.selectFrom('checkpoints').selectAll().where('size', '>', size)
  return await later.orderBy('size').limit(checkpointsAtOnce).execute()
}

/** The entries of one checkpoint: those that came after the one before. */
async function checkStep(
  { db, vault }: { readonly db: Writer; readonly vault: Vault },
  { keys, place, checkpoint }: { keys: readonly NoteVerifier[]; place: LogPlace; checkpoint: CheckpointRow },
  progress: Progress,
): Promise<Progress> {
  const { size, edge } = progress
  const entries = await db
    .selectFrom('entries')
    .selectAll()
    .where('idx', '>=', size)
    .where('idx', '<', checkpoint.size)
    .orderBy('idx')
    .execute()
  if (entries.length !== checkpoint.size - size)
    throw new LedgerDamagedError(`entries ${size} to ${checkpoint.size} are incomplete`)
  let documents = 0
  for (const entry of entries) {
    if (entry.kind === 'doc') documents++
    if (isBlank(entry)) await checkErased(db, entry)
    else {
      const envelope = checkEntry(entry, checkpoint.size)
      if (entry.kind === 'doc') await checkDocument({ db, vault }, entry, envelope)
    }
  }
  const tree = appendLeaves(
    edge,
    entries.map(({ leaf }) => leafHash(leaf)),
  )
  checkSignature(checkpoint, keys, { size: checkpoint.size - place.first, root: tree.root })
  for (const tile of tree.tileHashes) await checkTile(db, place, tile)
  return {
    size: checkpoint.size,
    edge: tree.edge,
    root: tree.root,
    note: checkpoint.note,
    checkpoints: progress.checkpoints + 1,
    documents: progress.documents + documents,
    tiles: progress.tiles + tree.tileHashes.length,
  }
}

function checkEntry(entry: EntryRow, checkpointSize: number): Envelope {
  try {
    const envelope = JSON.parse(Buffer.from(entry.envelope).toString('utf8')) as Envelope
    const text = leafText(envelope, commitmentOf(entry.salt, entry.envelope), entry.seal ?? undefined)
    const { id, kind, type, at } = envelope
    const same = entry.id === id && entry.kind === kind && entry.type === type && entry.at === at
    if (same && Buffer.from(text).equals(entry.leaf) && entry.checkpoint_size === checkpointSize) return envelope
  } catch (cause) {
    throw new LedgerDamagedError(`entry ${entry.idx} cannot be read`, { cause })
  }
  throw new LedgerDamagedError(`entry ${entry.idx} is not what its leaf commits to`)
}

function checkSignature({ size, note }: CheckpointRow, keys: readonly NoteVerifier[], expected: Head): void {
  let signed
  try {
    signed = openCheckpoint(note, keys)
  } catch (cause) {
    throw new LedgerDamagedError(`checkpoint ${size} is not signed by the key of the log`, { cause })
  }
  if (signed.size !== expected.size)
    throw new LedgerDamagedError(`checkpoint ${size} was signed for ${signed.size} entries`)
  if (!equalHashes(signed.root, expected.root))
    throw new LedgerDamagedError(`the entries do not give the root of checkpoint ${size}`)
}

async function checkTile(db: Writer, place: LogPlace, { level, index, hash }: TileHash): Promise<void> {
  const nodes = db
    .selectFrom('tree_nodes')
    .select('hash')
    .where('level', '=', level)
    .where('idx', '=', tileRow(place, index))
  const kept = (await nodes.executeTakeFirst())?.hash
  if (kept === undefined || !equalHashes(kept, hash))
    throw new LedgerDamagedError(`tile ${index} of level ${level} is not that of its leaves`)
}

/** Nothing beyond the last checkpoint, and nothing beside what was checked. */
async function checkEnds(db: Writer, { size, edge, note, documents, tiles }: Progress): Promise<void> {
  const head = await readHead(db)
  const sameEdge = Buffer.from(head?.edge ?? []).equals(edge.nodes)
  if ((head?.size ?? 0) !== size || (head?.checkpoint ?? '') !== note || !sameEdge)
    throw new LedgerDamagedError('the head is not the last checkpoint')
  const expected = { entries: size, documents, tree_nodes: tiles } as const
  for (const table of ['entries', 'documents', 'tree_nodes'] as const) {
    const { n } = await db
      .selectFrom(table)
      .select((count) => count.fn.countAll<number>().as('n'))
      .executeTakeFirstOrThrow()
    if (n !== expected[table])
      throw new LedgerDamagedError(`${table} has ${n} rows where the log accounts for ${expected[table]}`)
  }
}
