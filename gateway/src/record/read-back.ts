import { type Edge, equalHashes, leafHash, nodeHash, rootOfEdge, type TileHash } from '@socle/schemas'
import { CompiledQuery, type Transaction } from 'kysely'
import type { Database, Dialect } from '../store/database.ts'
import { type LogPlace, tileRow } from '../store/shards.ts'
import { StoreDamagedError } from './ledger-errors.ts'

/** What a batch is about to be signed for: sizes and indexes are those of its log. */
export interface Written {
  readonly dialect: Dialect
  readonly place: LogPlace
  /** Before the batch. */
  readonly before: Edge
  /** After it. */
  readonly edge: Edge
  readonly root: Uint8Array
  readonly tileHashes: readonly TileHash[]
}

interface ReadRow {
  readonly level: number
  readonly idx: number
  readonly bytes: Uint8Array
}

/**
 * Reads the rows of the batch back from the store and computes tree and root a second time, from what was read and by
 * another way (leaf after leaf), so that a bit that flipped between the hash and the row, on the wire, in the driver or in the
 * server's memory, is never signed over. A select: RETURNING gives what the statement was given in both engines, not what
 * the table holds. What it reads are the engine's pages in memory (SQLite's cache, PostgreSQL's shared buffers), which go
 * to the disk at the commit; what rots there later is found by whoever exports or verifies, never signed again: older
 * entries count in a new root only through the edge, which is held to the last signed root (`standingOf`).
 * @throws StoreDamagedError
 */
export async function requireWritten(tx: Transaction<Database>, written: Written): Promise<void> {
  const { place, before, edge, root } = written
  const from = place.first + before.size
  const rows = await readRows(tx, from, written)
  const leaves = rows.filter(({ level }) => level === 0)
  const expected = edge.size - before.size
  if (leaves.length !== expected)
    throw damaged(`${leaves.length} entries came back from number ${from} on, ${expected} were written`)
  leaves.forEach(({ idx }, at) => {
    if (idx !== from + at) throw damaged(`entry ${from + at} did not come back`)
  })
  const grown = grow(
    before,
    leaves.map(({ bytes }) => leafHash(bytes)),
  )
  if (!equalHashes(rootOfEdge(grown.edge), root) || !equalHashes(grown.edge.nodes, edge.nodes))
    throw damaged(`entries ${from} to ${from + expected - 1} do not give the root that was computed before`)
  requireTiles(
    grown.tileHashes.map((tile) => ({ ...tile, index: tileRow(place, tile.index) })),
    rows.filter(({ level }) => level > 0),
  )
}

/** Plain text, which no query builder makes anew each time. */
async function readRows(
  tx: Transaction<Database>,
  from: number,
  { dialect, place, tileHashes }: Pick<Written, 'dialect' | 'place' | 'tileHashes'>,
): Promise<readonly ReadRow[]> {
  let parameter = 0
  const mark = (): string => (dialect === 'sqlite' ? '?' : `$${++parameter}`)
  const parts = [`select 0 as level, idx, leaf as bytes from entries where idx >= ${mark()}`]
  for (const _ of tileHashes)
    parts.push(`select level, idx, hash from tree_nodes where level = ${mark()} and idx = ${mark()}`)
  const parameters = [from, ...tileHashes.flatMap(({ level, index }) => [level, tileRow(place, index)])]
  const { rows } = await tx.executeQuery<ReadRow>(CompiledQuery.raw(parts.join(' union all '), parameters))
  return rows.toSorted((a, b) => a.level - b.level || a.idx - b.idx)
}

function requireTiles(expected: readonly TileHash[], read: readonly ReadRow[]): void {
  if (read.length !== expected.length) throw damaged(`${read.length} tiles came back, ${expected.length} are complete`)
  expected.forEach(({ level, index, hash }, at) => {
    const row = read[at]
    if (row?.level !== level || row.idx !== index || !equalHashes(row.bytes, hash))
      throw damaged(`tile ${index} of level ${level} is not that of its leaves`)
  })
}

/** The tree leaf after leaf, as RFC 6962 lets it grow: two complete subtrees of one height become the next. */
function grow(
  before: Edge,
  leafHashes: readonly Uint8Array[],
): { readonly edge: Edge; readonly tileHashes: readonly TileHash[] } {
  const nodes: { height: number; hash: Uint8Array }[] = heightsOf(before.size).map((height, at) => ({
    height,
    hash: before.nodes.subarray(at * 32, at * 32 + 32),
  }))
  const tileHashes: TileHash[] = []
  let { size } = before
  for (const leaf of leafHashes) {
    size++
    let node = { height: 0, hash: leaf }
    for (let left = nodes.at(-1); left?.height === node.height; left = nodes.at(-1)) {
      nodes.pop()
      node = { height: node.height + 1, hash: nodeHash(left.hash, node.hash) }
      if (node.height % 8 === 0)
        tileHashes.push({ level: node.height / 8, index: size / 2 ** node.height - 1, hash: node.hash })
    }
    nodes.push(node)
  }
  const edge = { size, nodes: Buffer.concat(nodes.map(({ hash }) => hash)) }
  return { edge, tileHashes: tileHashes.toSorted((a, b) => a.level - b.level || a.index - b.index) }
}

/** Of the complete subtrees of a tree, largest first: one a bit. */
function heightsOf(size: number): readonly number[] {
  const heights: number[] = []
  for (let rest = size, height = 0; rest > 0; rest = Math.floor(rest / 2), height++)
    if (rest % 2 === 1) heights.unshift(height)
  return heights
}

function damaged(reason: string): StoreDamagedError {
  return new StoreDamagedError(`what was written did not come back as it was: ${reason}`)
}
