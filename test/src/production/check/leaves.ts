import { type Leaf, parseLeaf } from '@socle/schemas'

/** Undefined for what is no leaf: the proof verdict says so, the others go on. */
export function readLeaf(bytes: Uint8Array): Leaf | undefined {
  try {
    return parseLeaf(Buffer.from(bytes).toString('utf8'))
  } catch {
    return undefined
  }
}
