import type { TimestampDigest } from '@socle/schemas'
import { type EvidenceTree, growTree } from './evidence-record-tree.ts'

/** Trees kept in a process; one of 10 000 documents, the most there are, has some 2 MB. */
export const treesKept = 4

/** By token, the one that was used last at the end. What is lost with the process is grown again. */
const trees = new Map<string, EvidenceTree>()

/**
 * The tree under a token, grown once for the exports that follow each other. The token is over its root, and rows of
 * records never change: whoever has the token has the same tree.
 */
export function treeUnder(token: Uint8Array, digest: TimestampDigest, leavesOf: () => readonly Buffer[]): EvidenceTree {
  const key = Buffer.from(token).toString('latin1')
  const tree = trees.get(key) ?? growTree(digest, leavesOf())
  trees.delete(key)
  trees.set(key, tree)
  for (const oldest of trees.keys()) {
    if (trees.size <= treesKept) break
    trees.delete(oldest)
  }
  return tree
}
