import { emptyRoot, foldRight, type Hash, nodeHash, requireSize } from './merkle.ts'
import { toBase64 } from './base64.ts'
import { ProofError } from './proof-error.ts'

/**
 * All that a writer must remember of a tree to grow it: its size and its maximal complete subtrees, largest first
 * (one per bit set in `size`), 32 bytes each, at most 53 of them. Left siblings of leaves still to come are exactly these.
 */
export interface Edge {
  readonly size: number
  readonly nodes: Uint8Array
}

/** A hash to keep for good: the complete subtree of 256^level leaves at `index`, level 1 and above. */
export interface TileHash {
  readonly level: number
  readonly index: number
  readonly hash: Hash
}

export interface Appended {
  readonly edge: Edge
  readonly root: Hash
  /** Inclusion path of each new leaf in the new tree, base64, sibling of the leaf first. Texts are shared between paths. */
  readonly paths: readonly (readonly string[])[]
  /** Complete subtrees finished by this batch, lowest level first, then by index. */
  readonly tileHashes: readonly TileHash[]
}

/** One level of the tree, from its first node that the batch needs: complete nodes, then the hash of what hangs below on the right. */
interface Level {
  readonly first: number
  readonly nodes: Hash[]
  readonly texts: string[]
  readonly end: number
  readonly ragged: Hash | undefined
  raggedText: string | undefined
}

export function emptyEdge(): Edge {
  return { size: 0, nodes: new Uint8Array(0) }
}

/**
 * The edge as it was persisted.
 * @throws ProofError when the bytes do not fit the size: the stored head is damaged, do not write on
 */
export function parseEdge(size: number, nodes: Uint8Array): Edge {
  requireSize(size)
  if (nodes.length !== bitsSet(size) * 32) {
    throw new ProofError(`the stored edge of a tree of ${size} leaves has ${nodes.length} bytes`)
  }
  return { size, nodes }
}

export function rootOfEdge(edge: Edge): Hash {
  return edge.size === 0 ? emptyRoot() : foldRight(edgeHashes(edge))
}

/**
 * Adds leaves in order: one hash a new node, whatever the size of the tree.
 * @param leafHashes RFC 6962 leaf hashes, at least one
 */
export function appendLeaves(edge: Edge, leafHashes: readonly Hash[]): Appended {
  if (leafHashes.length === 0) throw new ProofError('an append without leaves')
  const size = edge.size + leafHashes.length
  requireSize(size)
  const levels = growLevels(edge, leafHashes)
  const top = levels.at(-1)
  const root = top?.ragged ?? top?.nodes.at(-1) ?? emptyRoot()
  const paths = leafHashes.map((_, at) => pathOf(edge.size + at, levels))
  return { edge: edgeAfter(size, levels), root, paths, tileHashes: finishedTiles(edge.size, levels) }
}

function growLevels(edge: Edge, leafHashes: readonly Hash[]): Level[] {
  const old = oldNodes(edge)
  const levels: Level[] = []
  let before = edge.size
  let end = edge.size + leafHashes.length
  let fresh = [...leafHashes]
  let ragged: Hash | undefined
  while (true) {
    const left = old[levels.length]
    const nodes = left === undefined ? fresh : [left, ...fresh]
    levels.push({ first: end - nodes.length, nodes, texts: [], end, ragged, raggedText: undefined })
    if (end === 0 || (end === 1 && ragged === undefined)) return levels
    const last = nodes.at(-1)
    if (end % 2 === 1 && last !== undefined) ragged = ragged === undefined ? last : nodeHash(last, ragged)
    before = Math.floor(before / 2)
    end = Math.floor(end / 2)
    fresh = pairUp(nodes, end - before)
  }
}

function pairUp(nodes: readonly Hash[], count: number): Hash[] {
  const parents: Hash[] = []
  for (let at = 0; at < count; at += 1) {
    const left = nodes[at * 2]
    const right = nodes[at * 2 + 1]
    if (left === undefined || right === undefined) throw new ProofError('the stored edge does not fit its size')
    parents.push(nodeHash(left, right))
  }
  return parents
}

/** The old edge by level: at most one node a level, always the left half of a pair still open. */
function oldNodes(edge: Edge): (Hash | undefined)[] {
  const hashes = edgeHashes(edge)
  const byLevel: (Hash | undefined)[] = []
  for (let rest = edge.size; rest > 0; rest = Math.floor(rest / 2)) {
    byLevel.push(rest % 2 === 1 ? hashes.pop() : undefined)
  }
  return byLevel
}

function edgeHashes(edge: Edge): Hash[] {
  const hashes: Hash[] = []
  for (let at = 0; at < edge.nodes.length; at += 32) hashes.push(edge.nodes.subarray(at, at + 32))
  return hashes
}

function pathOf(leaf: number, levels: readonly Level[]): string[] {
  const path: string[] = []
  let node = leaf
  for (const level of levels) {
    const sibling = node % 2 === 0 ? node + 1 : node - 1
    if (sibling < level.end) path.push(textAt(level, sibling - level.first))
    else if (sibling === level.end && level.ragged !== undefined) path.push(raggedText(level, level.ragged))
    node = Math.floor(node / 2)
  }
  return path
}

function textAt(level: Level, at: number): string {
  const known = level.texts[at]
  if (known !== undefined) return known
  const node = level.nodes[at]
  if (node === undefined) throw new ProofError('the stored edge does not fit its size')
  return (level.texts[at] = toBase64(node))
}

function raggedText(level: Level, ragged: Hash): string {
  return (level.raggedText ??= toBase64(ragged))
}

function edgeAfter(size: number, levels: readonly Level[]): Edge {
  const nodes = new Uint8Array(bitsSet(size) * 32)
  let at = nodes.length
  for (const level of levels) {
    const last = level.nodes.at(-1)
    if (level.end % 2 === 0 || last === undefined) continue
    at -= 32
    nodes.set(last, at)
  }
  return { size, nodes }
}

function finishedTiles(oldSize: number, levels: readonly Level[]): TileHash[] {
  const finished: TileHash[] = []
  for (let height = 8; height < levels.length; height += 8) {
    const level = levels[height]
    if (level === undefined) break
    const before = Math.floor(oldSize / 2 ** height)
    for (let index = before; index < level.end; index += 1) {
      const hash = level.nodes[index - level.first]
      if (hash !== undefined) finished.push({ level: height / 8, index, hash })
    }
  }
  return finished
}

function bitsSet(size: number): number {
  let count = 0
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) count += rest % 2
  return count
}
