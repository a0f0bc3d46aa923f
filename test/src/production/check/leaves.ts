import { type Leaf, parseLeaf } from '@socle/schemas'

/** What subscribers are told of: a type of document, or `outcome`. Undefined for other entries. */
export function subjectOf(leaf: Leaf | undefined): string | undefined {
  if (leaf?.kind === 'out') return 'outcome'
  return leaf?.kind === 'doc' ? leaf.type : undefined
}

/** Undefined for what is no leaf: the proof verdict says so, the others go on. */
export function readLeaf(bytes: Uint8Array): Leaf | undefined {
  try {
    return parseLeaf(Buffer.from(bytes).toString('utf8'))
  } catch {
    return undefined
  }
}
