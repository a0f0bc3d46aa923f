import { leafHash, nodeHash } from '@socle/schemas'

/** RFC 6962 written a second time, apart from the one that the hub signs with: a stack of complete subtrees. */
export interface RebuiltTree {
  readonly size: number
  add(leaf: Uint8Array): void
  /** Root of everything added; undefined of nothing. */
  root(): Uint8Array | undefined
}

export function createTree(): RebuiltTree {
  const stack: { readonly width: number; readonly hash: Uint8Array }[] = []
  let size = 0
  return {
    get size() {
      return size
    },
    add(leaf) {
      let node = { width: 1, hash: leafHash(leaf) as Uint8Array }
      // Equal neighbours join, as in a binary counter.
      for (let left = stack.at(-1); left?.width === node.width; left = stack.at(-1)) {
        stack.pop()
        node = { width: node.width * 2, hash: nodeHash(left.hash, node.hash) }
      }
      stack.push(node)
      size++
    },
    root() {
      const join = (right: Uint8Array | undefined, { hash }: { readonly hash: Uint8Array }): Uint8Array =>
        right === undefined ? hash : nodeHash(hash, right)
      return stack.reduceRight<Uint8Array | undefined>(join, undefined)
    },
  }
}
