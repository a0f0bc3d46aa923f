import {
  foldRight,
  formatTlogProof,
  type Hash,
  inclusionPlan,
  nodeFromTiles,
  type NodeRef,
  ProofError,
  type ReadTileHashes,
  tileWidth,
  toBase64,
} from '@socle/schemas'
import { tilesOf } from '../record/tree-reader.ts'
import type { Reader } from '../store/database.ts'
import { logOf } from '../store/shards.ts'

/** Tiles kept: entries are asked for in their order, so that a few serve them all. 30 KiB each. */
const keptTiles = 64
const keptNodes = 1_024

/** The place of an entry in the log, and the outside time over it when there is one. */
export interface PlaceProof {
  /** C2SP tlog-proof to the first checkpoint over the entry that was stamped, else to its own. */
  readonly tlogProof: string
  /** RFC 3161 response over the exact bytes of that checkpoint. */
  readonly token?: Uint8Array
}

/** Places of many entries, asked for in the order of the log. */
export interface PlaceProofs {
  /** As long as nobody stamps an earlier checkpoint, which nobody does, the proof of a stamped entry is the same for ever. */
  of(index: number): Promise<PlaceProof>
}

interface FoundCheckpoint {
  readonly size: number
  readonly note: string
  readonly token: Uint8Array | null
}

interface Log {
  readonly first: number
  readonly end: number | undefined
  /** Hash of a complete subtree: the same for ever. */
  readonly node: (ref: NodeRef) => Promise<Hash>
}

/** What was read for one entry serves its neighbours: a log, a stamped checkpoint, tiles. Made for one export. */
export function createPlaceProofs(reader: Reader): PlaceProofs {
  let log: Log | undefined
  let stamped: { readonly from: number; readonly found: FoundCheckpoint } | undefined

  async function logWith(index: number): Promise<Log> {
    if (log && log.first <= index && (log.end === undefined || index < log.end)) return log
    const place = await logOf(reader, index)
    log = { first: place.first, end: place.end, node: nodesFrom(inWholeTiles(tilesOf(reader, place))) }
    return log
  }

  /** Of the log that the entry is in: a later log proves nothing of it. */
  async function stampedOver(index: number, { end }: Log): Promise<FoundCheckpoint | undefined> {
    // The first one over an entry is the first over those between them.
    if (stamped && stamped.from <= index && index < stamped.found.size) return stamped.found
    const over = reader.selectFrom('checkpoints').select(['size', 'note', 'token']).where('size', '>', index)
    const ours = end === undefined ? over : over.where('size', '<=', end)
    const found = await ours.where('token', 'is not', null).orderBy('size').limit(1).executeTakeFirst()
    stamped = found && { from: index, found }
    return found
  }

  return {
    async of(index) {
      const ours = await logWith(index)
      const { size, note, token } = (await stampedOver(index, ours)) ?? (await ownCheckpoint(reader, index))
      const at = index - ours.first
      const path: string[] = []
      for (const refs of inclusionPlan(at, size - ours.first)) {
        const hashes: Hash[] = []
        for (const ref of refs) hashes.push(await ours.node(ref))
        path.push(toBase64(foldRight(hashes)))
      }
      const tlogProof = formatTlogProof({ index: at, path, checkpoint: note })
      return { tlogProof, ...(token ? { token } : {}) }
    },
  }
}

async function ownCheckpoint(reader: Reader, index: number): Promise<FoundCheckpoint> {
  return await reader
    .selectFrom('entries')
    .innerJoin('checkpoints', 'checkpoints.size', 'entries.checkpoint_size')
    .select(['checkpoints.size', 'checkpoints.note', 'checkpoints.token'])
    .where('entries.idx', '=', index)
    .executeTakeFirstOrThrow()
}

/** Neighbours share most of their ways to the root. */
function nodesFrom(read: ReadTileHashes): Log['node'] {
  const nodes = new Map<string, Hash>()
  return async (ref) => {
    const key = `${ref.level}/${ref.index}`
    const known = nodes.get(key) ?? (await nodeFromTiles(ref, read))
    keep(nodes, key, known, keptNodes)
    return known
  }
}

/** The newest so many, in the order in which they were asked for. */
function keep<T>(kept: Map<string, T>, key: string, value: T, most: number): void {
  kept.delete(key)
  kept.set(key, value)
  const [oldest] = kept.keys()
  if (kept.size > most && oldest !== undefined) kept.delete(oldest)
}

/** Reads a tile once for all that is asked of it. A tile that grows meanwhile is read again where it was too short. */
function inWholeTiles(read: ReadTileHashes): ReadTileHashes {
  const tiles = new Map<string, readonly Hash[]>()
  return async (level, from, to) => {
    const number = Math.floor(from / tileWidth)
    if (to > (number + 1) * tileWidth) throw new ProofError('a node lies in two tiles')
    const key = `${level}/${number}`
    let tile = tiles.get(key)
    if (!tile || tile.length < to - number * tileWidth) {
      tile = await read(level, number * tileWidth, (number + 1) * tileWidth)
      keep(tiles, key, tile, keptTiles)
    }
    return tile.slice(from - number * tileWidth, to - number * tileWidth)
  }
}
