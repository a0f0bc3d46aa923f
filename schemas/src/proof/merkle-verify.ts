import { emptyRoot, type Hash, nodeHash, requireSize } from './merkle.ts'
import { ProofError } from './proof-error.ts'

/** Longest path a tree of 2^53 leaves can ask for is 53; the format's own limit is rounder. */
export const maxPathLength = 64

/**
 * Root that a leaf and its path lead to (RFC 9162 section 2.1.3.2, the same tree as RFC 6962).
 * @throws ProofError when the path cannot belong to that index and size
 */
export function rootFromPath(leaf: Hash, place: { index: number; size: number }, path: readonly Hash[]): Hash {
  const { index, size } = place
  requireSize(size)
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) {
    throw new ProofError(`no leaf ${index} in a tree of ${size}`)
  }
  checkHashes(path)
  let node = index
  let last = size - 1
  let root = leaf
  for (const sibling of path) {
    if (last === 0) throw new ProofError('the inclusion path is too long')
    if (node % 2 === 1 || node === last) {
      root = nodeHash(sibling, root)
      while (node % 2 === 0 && node !== 0) {
        node /= 2
        last = Math.floor(last / 2)
      }
    } else {
      root = nodeHash(root, sibling)
    }
    node = Math.floor(node / 2)
    last = Math.floor(last / 2)
  }
  if (last !== 0) throw new ProofError('the inclusion path is too short')
  return root
}

/** True when the leaf is at that index of the tree with that root. Never throws. */
export function verifyInclusion(
  leaf: Hash,
  place: { index: number; size: number },
  path: readonly Hash[],
  root: Hash,
): boolean {
  try {
    return equalHashes(rootFromPath(leaf, place, path), root)
  } catch {
    return false
  }
}

export interface Head {
  readonly size: number
  readonly root: Hash
}

/** True when the tree of `later` begins with the tree of `earlier` (RFC 9162 section 2.1.4.2). Never throws. */
export function verifyConsistency(earlier: Head, later: Head, proof: readonly Hash[]): boolean {
  try {
    requireSize(earlier.size)
    requireSize(later.size)
    checkHashes(proof)
    return isConsistent(earlier, later, proof)
  } catch {
    return false
  }
}

function isConsistent(earlier: Head, later: Head, proof: readonly Hash[]): boolean {
  if (earlier.size > later.size) return false
  if (earlier.size === 0 && !equalHashes(earlier.root, emptyRoot())) return false
  if (earlier.size === later.size) return proof.length === 0 && equalHashes(earlier.root, later.root)
  if (earlier.size === 0) return proof.length === 0
  const path = isPowerOfTwo(earlier.size) ? [earlier.root, ...proof] : proof
  const roots = rootsFromProof(earlier.size, later.size, path)
  return roots !== undefined && equalHashes(roots.old, earlier.root) && equalHashes(roots.new, later.root)
}

function rootsFromProof(oldSize: number, newSize: number, path: readonly Hash[]): { old: Hash; new: Hash } | undefined {
  const [first, ...rest] = path
  if (first === undefined) return undefined
  let place = { node: oldSize - 1, last: newSize - 1 }
  while (place.node % 2 === 1) place = above(place)
  const roots = { old: first, new: first }
  for (const sibling of rest) {
    if (place.last === 0) return undefined
    if (place.node % 2 === 1 || place.node === place.last) {
      roots.old = nodeHash(sibling, roots.old)
      roots.new = nodeHash(sibling, roots.new)
      while (place.node % 2 === 0 && place.node !== 0) place = above(place)
    } else {
      roots.new = nodeHash(roots.new, sibling)
    }
    place = above(place)
  }
  return place.last === 0 ? roots : undefined
}

function above({ node, last }: { node: number; last: number }): { node: number; last: number } {
  return { node: Math.floor(node / 2), last: Math.floor(last / 2) }
}

function isPowerOfTwo(count: number): boolean {
  let width = 1
  while (width < count) width *= 2
  return width === count
}

function checkHashes(path: readonly Hash[]): void {
  if (path.length > maxPathLength) throw new ProofError('the path is longer than any tree')
  if (path.some((element) => element.length !== 32)) throw new ProofError('a path element is not 32 bytes')
}

/** Public values: no need for a constant-time comparison. */
export function equalHashes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, at) => byte === right[at])
}
