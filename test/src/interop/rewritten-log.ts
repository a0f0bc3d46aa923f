import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Keys, writeTiles } from '@socle/gateway'
import {
  appendLeaves,
  consistencyProof,
  emptyEdge,
  leafHash,
  type NodeAt,
  nodeHash,
  parseEntryBundle,
  signCheckpoint,
  tilePath,
  tilesOfLevel,
} from '@socle/schemas'

/** A log that whoever holds its key wrote anew from the first entry on. */
export interface RewrittenLog {
  /** As an export: log/ and the operator's files. */
  readonly directory: string
  readonly size: number
  /** Signed with the log's own key. */
  readonly note: string
  /** Base64, as a witness is shown it. */
  proofFrom(size: number): readonly string[]
}

export interface Rewriting {
  /** Exported log to start from. */
  readonly from: string
  readonly size: number
  readonly to: string
  readonly keys: Keys
  /** Changes leaves; what it gives is the new log. */
  readonly rewrite: (leaves: readonly string[]) => readonly string[]
}

/** Everything in it is consistent: tiles, root, signature. */
export async function rewriteLog({ from, size, to, keys, rewrite }: Rewriting): Promise<RewrittenLog> {
  const leaves = rewrite(leavesOf(from, size)).map((leaf) => Buffer.from(leaf))
  const hashes = leaves.map(leafHash)
  const { root } = appendLeaves(emptyEdge(), hashes)
  const signer = { name: keys.log.origin, privateKey: keys.log.privateKey }
  const note = signCheckpoint(signer, { size: leaves.length, root })
  mkdirSync(to, { recursive: true })
  await writeTiles(join(to, 'log'), {
    size: leaves.length,
    checkpoint: note,
    readLeaves: async (first, end) => await Promise.resolve(leaves.slice(first, end)),
  })
  for (const name of ['log.vkey', 'seal-ca.pem', 'tsa-ca.pem'])
    writeFileSync(join(to, name), readFileSync(join(from, name)))
  const nodeAt: NodeAt = (level, index) => {
    if (level > 0) return nodeHash(nodeAt(level - 1, index * 2), nodeAt(level - 1, index * 2 + 1))
    const hash = hashes[index]
    if (!hash) throw new Error(`no leaf ${index}`)
    return hash
  }
  return {
    directory: to,
    size: leaves.length,
    note,
    proofFrom: (old) =>
      consistencyProof(old, leaves.length, nodeAt).map((hash) => Buffer.from(hash).toString('base64')),
  }
}

function leavesOf(directory: string, size: number): readonly string[] {
  return [...tilesOfLevel(size, 'entries')].flatMap((tile) =>
    parseEntryBundle(readFileSync(join(directory, 'log', tilePath(tile))), tile.width).map((leaf) =>
      Buffer.from(leaf).toString('utf8'),
    ),
  )
}
