import {
  type Checkpoint,
  entryEnds,
  equalHashes,
  hashEntries,
  isLeafAt,
  isTimeMarkAt,
  type LeafClock,
  leafTimeAt,
  type Message,
  parseLeaf,
  reasonOf,
  type Tile,
  tilePath,
  tilesOfLevel,
  tileWidth,
} from '@socle/schemas'
import { messages } from './messages.ts'
import { createTileStack, type FinishedTile } from './tile-stack.ts'

/** Bytes of a tile or bundle as they are published, wherever that is. @throws ProofError when they cannot be had */
export type ReadTile = (tile: Tile) => Buffer

export interface TreeToCheck {
  /** The signed head. */
  readonly head: Checkpoint
  readonly read: ReadTile
  readonly clock: LeafClock
  /** The clock knows every token that the log names: a time mark it does not know is then a fault. */
  readonly isComplete: boolean
  /** Told each fault, by the path of the file that has it. */
  readonly fail: (path: string, message: Message, detail?: string) => void
}

/** How a check ended, beside the faults told: `tiles` compared; the root is unknown when a bundle could not be split. */
export interface CheckedTree {
  readonly tiles: number
  readonly isRootKnown: boolean
}

/**
 * Re-hashes every entry of a log against its level 0 tile, judges its form and its time, computes every tile of every
 * level and the root again. Reads two files at a time, and no file system: what it holds does not grow with the log.
 */
export function checkTree(tree: TreeToCheck): CheckedTree {
  const { head, read, fail } = tree
  const stack = createTileStack()
  let tiles = 0
  const compare = ({ tile, hashes }: FinishedTile): number[] => {
    tiles += 1
    try {
      const wrong = differences(hashes, read(tile))
      if (wrong[0] !== undefined) fail(tilePath(tile), messages.tileBad, `hash ${wrong[0]}`)
      return wrong
    } catch (error) {
      fail(tilePath(tile), messages.tileBad, reasonOf(error))
      return []
    }
  }
  for (const bundle of tilesOfLevel(head.size, 'entries')) {
    const hashes = checkBundle(bundle, tree)
    // Every hash above would be wrong too, and would only hide the place of the fault.
    if (hashes === undefined) return { tiles, isRootKnown: false }
    for (const finished of [{ tile: { ...bundle, level: 0 }, hashes }, ...stack.push(hashes).filter(isAboveLeaves)]) {
      const wrong = compare(finished)
      if (isAboveLeaves(finished)) continue
      for (const at of wrong) fail(tilePath(bundle), messages.entryBad, `entry ${bundle.index * tileWidth + at}`)
    }
  }
  const { partial, root } = stack.finish()
  for (const finished of partial.filter(isAboveLeaves)) compare(finished)
  if (!equalHashes(root, head.root)) fail('checkpoint', messages.rootBad)
  return { tiles, isRootKnown: true }
}

/** Tiles of leaf hashes are compared beside their bundle, so that a fault has the number of its entry. */
function isAboveLeaves({ tile }: FinishedTile): boolean {
  return tile.level !== 0
}

/**
 * Judges form and time of each entry of a bundle.
 * @returns their leaf hashes; undefined when it cannot be split into entries: the tree cannot be computed without them
 */
function checkBundle(bundle: Tile, { read, clock, isComplete, fail }: TreeToCheck): Buffer | undefined {
  let bytes: Buffer
  let ends: number[]
  try {
    bytes = read(bundle)
    ends = entryEnds(bytes, bundle.width)
  } catch (error) {
    fail(tilePath(bundle), messages.bundleBad, reasonOf(error))
    return undefined
  }
  const hashes = hashEntries(bytes, ends)
  for (let at = 0; at < ends.length; at += 1) {
    const index = bundle.index * tileWidth + at
    const from = (ends[at - 1] ?? 0) + 2
    const to = ends[at] ?? 0
    if (!isLeafAt(bytes, from, to)) {
      fail(tilePath(bundle), messages.leafBad, `entry ${index}: ${faultOf(bytes.subarray(from, to))}`)
    } else if (isComplete && isTimeMarkAt(bytes, from) && !clock.isNamed(index)) {
      fail(tilePath(bundle), messages.timeMissing, `entry ${index}`)
    } else {
      const reason = clock.check(index, leafTimeAt(bytes, from))
      if (reason !== undefined) fail(tilePath(bundle), messages.leafTimeBad, `entry ${index}: ${reason}`)
    }
  }
  return hashes
}

/** What `parseLeaf` says of an entry that is no leaf in its exact form. */
function faultOf(entry: Uint8Array): string {
  try {
    parseLeaf(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(entry))
    return 'the leaf is not in its canonical form'
  } catch (error) {
    return reasonOf(error)
  }
}

/** Which hashes of two tiles differ. Tiles of the same length: `read` gives no other. */
function differences(computed: Buffer, stored: Buffer): number[] {
  if (computed.equals(stored)) return []
  const places = Array.from({ length: computed.length / 32 }, (_, at) => at)
  return places.filter((at) => computed.compare(stored, at * 32, at * 32 + 32, at * 32, at * 32 + 32) !== 0)
}
