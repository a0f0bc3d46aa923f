import { hashTogether, type TimestampDigest } from '@socle/schemas'

/** A binary hash tree (RFC 4998 section 4.2): pairs are put in order and digested; one that is left over goes up as it is. */
export interface EvidenceTree {
  readonly digest: TimestampDigest
  /** Leaves first, the root alone last. */
  readonly levels: readonly (readonly Buffer[])[]
}

/** @throws RangeError without leaves */
export function growTree(digest: TimestampDigest, leaves: readonly Buffer[]): EvidenceTree {
  if (leaves.length === 0) throw new RangeError('a tree needs a leaf')
  const levels: (readonly Buffer[])[] = [leaves]
  for (let level = leaves; level.length > 1; levels.push(level)) {
    const below = level
    level = Array.from({ length: Math.ceil(below.length / 2) }, (_, at) =>
      hashTogether(digest, below.slice(2 * at, 2 * at + 2)),
    )
  }
  return { digest, levels }
}

export function rootOf({ levels }: EvidenceTree): Buffer {
  const [root] = levels.at(-1) ?? []
  return root ?? Buffer.alloc(0)
}

/** The bytes of which the root is the digest, to be given to an authority; undefined where the root is the only leaf. */
export function preimageOf({ levels }: EvidenceTree): Buffer | undefined {
  const pair = levels.at(-2)
  return pair && Buffer.concat(pair.toSorted((a, b) => Buffer.compare(a, b)))
}

/** What stands beside the way from a leaf up to the root, lowest first. */
export function siblingsOf({ levels }: EvidenceTree, leaf: number): readonly Buffer[] {
  const siblings: Buffer[] = []
  for (const [height, level] of levels.entries()) {
    const sibling = level[Math.floor(leaf / 2 ** height) ^ 1]
    if (sibling) siblings.push(sibling)
  }
  return siblings
}
