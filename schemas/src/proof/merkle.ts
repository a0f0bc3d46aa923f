import { hash } from 'node:crypto'
import { ProofError } from './proof-error.ts'

/** 32 bytes of SHA-256. */
export type Hash = Uint8Array

/** A complete subtree: the node at `level` and `index` covers leaves [index * 2^level, (index + 1) * 2^level). */
export interface NodeRef {
  readonly level: number
  readonly index: number
}

export type NodeAt = (level: number, index: number) => Hash

/** One element of a proof: complete subtrees from left to right, folded into one hash from the right. */
export type ProofPlan = readonly (readonly NodeRef[])[]

const scratch = Buffer.alloc(65)

export function sha256(bytes: Uint8Array): Buffer {
  return hash('sha256', bytes, 'buffer')
}

/** RFC 6962 section 2.1: SHA-256(0x00 || leaf). */
export function leafHash(leaf: Uint8Array): Buffer {
  const input = Buffer.allocUnsafe(leaf.length + 1)
  input[0] = 0
  input.set(leaf, 1)
  return sha256(input)
}

/** RFC 6962 section 2.1: SHA-256(0x01 || left || right). */
export function nodeHash(left: Hash, right: Hash): Buffer {
  scratch[0] = 1
  scratch.set(left, 1)
  scratch.set(right, 33)
  return sha256(scratch)
}

/** Root of the tree without leaves: SHA-256 of nothing. */
export function emptyRoot(): Buffer {
  return sha256(new Uint8Array(0))
}

/** Sizes and indexes are JavaScript integers: exact up to 2^53, and never shifted as 32-bit integers. */
export function requireSize(size: number): void {
  if (!Number.isSafeInteger(size) || size < 0) throw new ProofError(`${size} is not a number of leaves`)
}

/** The complete subtrees, largest first, that cover leaves [start, end); `start` is a multiple of the first one's width. */
export function completeNodes(start: number, end: number): NodeRef[] {
  const nodes: NodeRef[] = []
  let position = start
  while (position < end) {
    let level = 0
    let width = 1
    while (position % (width * 2) === 0 && position + width * 2 <= end) {
      width *= 2
      level += 1
    }
    nodes.push({ level, index: position / width })
    position += width
  }
  return nodes
}

/** Which complete subtrees make the inclusion path of leaf `index` in a tree of `size` leaves (RFC 6962 section 2.1.1). */
export function inclusionPlan(index: number, size: number): ProofPlan {
  requireSize(size)
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) {
    throw new ProofError(`no leaf ${index} in a tree of ${size}`)
  }
  const plan: NodeRef[][] = []
  let start = 0
  let end = size
  while (end - start > 1) {
    const middle = start + splitOf(end - start)
    if (index < middle) {
      plan.push(completeNodes(middle, end))
      end = middle
    } else {
      plan.push(completeNodes(start, middle))
      start = middle
    }
  }
  return plan.toReversed()
}

/** Which complete subtrees make the consistency proof between two sizes (RFC 6962 section 2.1.2). */
export function consistencyPlan(oldSize: number, newSize: number): ProofPlan {
  requireSize(newSize)
  if (!Number.isSafeInteger(oldSize) || oldSize < 0 || oldSize > newSize) {
    throw new ProofError(`a tree of ${oldSize} cannot come before one of ${newSize}`)
  }
  if (oldSize === 0 || oldSize === newSize) return []
  const plan: NodeRef[][] = []
  let start = 0
  let end = newSize
  while (end !== oldSize) {
    const middle = start + splitOf(end - start)
    if (oldSize <= middle) {
      plan.push(completeNodes(middle, end))
      end = middle
    } else {
      plan.push(completeNodes(start, middle))
      start = middle
    }
  }
  // The verifier already holds the old root when it is a whole subtree: it is then left out.
  if (start !== 0) plan.push(completeNodes(start, end))
  return plan.toReversed()
}

/** Largest power of two below `count`. */
function splitOf(count: number): number {
  let width = 1
  while (width * 2 < count) width *= 2
  return width
}

/** Hash of adjacent complete subtrees, folded from the right as RFC 6962 does. */
export function foldRight(hashes: readonly Hash[]): Hash {
  const last = hashes.at(-1)
  if (last === undefined) return emptyRoot()
  let folded = last
  for (let at = hashes.length - 2; at >= 0; at -= 1) folded = nodeHash(hashes[at] ?? folded, folded)
  return folded
}

/** Fills a plan from a reader of complete subtrees. */
export function resolvePlan(plan: ProofPlan, nodeAt: NodeAt): Hash[] {
  return plan.map((refs) => foldRight(refs.map(({ level, index }) => nodeAt(level, index))))
}

export function inclusionPath(index: number, size: number, nodeAt: NodeAt): Hash[] {
  return resolvePlan(inclusionPlan(index, size), nodeAt)
}

export function consistencyProof(oldSize: number, newSize: number, nodeAt: NodeAt): Hash[] {
  return resolvePlan(consistencyPlan(oldSize, newSize), nodeAt)
}

/** Root of the first `size` leaves. */
export function rootAt(size: number, nodeAt: NodeAt): Hash {
  requireSize(size)
  return foldRight(completeNodes(0, size).map(({ level, index }) => nodeAt(level, index)))
}
