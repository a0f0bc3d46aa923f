import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createLocalTimestampAuthority, writeTiles } from '@socle/gateway'
import {
  appendLeaves,
  emptyEdge,
  type Hash,
  leafHash,
  leafText,
  parseEntryBundle,
  signCheckpoint,
  tilePath,
  tilesOfLevel,
} from '@socle/schemas'
import type { SmallExport } from './small-export.ts'

/** Another state of a small export's log, signed by the same key and whole in itself. */
export interface OtherLog {
  /** Entries: the first ones of the export, then new ones. */
  readonly size: number
  /** An entry that is another one, as if it had always been. */
  readonly rewritten?: number
  /** When an outside clock saw its checkpoint. */
  readonly stampedAt?: Date
}

export interface MadeState {
  readonly directory: string
  readonly note: string
  readonly leafHashes: readonly Hash[]
}

/** Writes `directory/{log,log.vkey,seal-ca.pem,tsa-ca.pem}` and, when stamped, `checkpoint.tsr`. */
export async function writeOtherLog(small: SmallExport, directory: string, other: OtherLog): Promise<MadeState> {
  const { keys } = small
  const leaves = leavesOf(small).slice(0, other.size)
  while (leaves.length < other.size) leaves.push(probe(leaves.length, 1))
  if (other.rewritten !== undefined) leaves[other.rewritten] = probe(other.rewritten, 2)
  const leafHashes = leaves.map(leafHash)
  const { root } = appendLeaves(emptyEdge(), leafHashes)
  const note = signCheckpoint({ name: keys.log.origin, privateKey: keys.log.privateKey }, { size: other.size, root })
  mkdirSync(directory, { recursive: true })
  for (const file of ['log.vkey', 'seal-ca.pem', 'tsa-ca.pem'])
    copyFileSync(join(small.directory, file), join(directory, file))
  const readLeaves = async (from: number, to: number): Promise<Uint8Array[]> => leaves.slice(from, to)
  await writeTiles(join(directory, 'log'), { size: other.size, checkpoint: note, readLeaves })
  const { stampedAt } = other
  if (stampedAt !== undefined) {
    const authority = createLocalTimestampAuthority({ identity: keys.timestamp ?? keys.seal, clock: () => stampedAt })
    writeFileSync(join(directory, 'checkpoint.tsr'), await authority.stamp(Buffer.from(note)))
  }
  return { directory, note, leafHashes }
}

function leavesOf({ directory, size }: SmallExport): Uint8Array[] {
  const bundles = [...tilesOfLevel(size, 'entries')]
  return bundles.flatMap((bundle) =>
    parseEntryBundle(readFileSync(join(directory, 'log', tilePath(bundle))), bundle.width),
  )
}

function probe(index: number, filler: number): Buffer {
  const id = `01990000-0000-7000-8000-${String(index).padStart(12, '0')}`
  const subject = { id, at: '2026-11-24T08:06:00.000Z', kind: 'avl', type: 'probe' } as const
  return Buffer.from(leafText(subject, Buffer.alloc(32, filler).toString('base64')))
}
