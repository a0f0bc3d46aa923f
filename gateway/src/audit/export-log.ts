import {
  encodeEntryBundle,
  entryEnds,
  equalHashes,
  hashEntries,
  parseCheckpointText,
  parseNote,
  ProofError,
  tilePath,
  tilesOfLevel,
  tileWidth,
} from '@socle/schemas'
import { createDurableFiles } from './durable-files.ts'
import { createTileStack } from './tile-stack.ts'

export interface LogSource {
  readonly size: number
  /** The signed note of that size. */
  readonly checkpoint: string
  /** Leaf bytes of entries [from, to), asked for 256 at a time. */
  readonly readLeaves: (from: number, to: number) => Promise<readonly Uint8Array[]>
}

/**
 * Writes the log at one size as static files (C2SP tlog-tiles): entry bundles, tiles, and the checkpoint last, so that a
 * crash leaves a directory without checkpoint, which no verifier takes for a log. Every file is on disk on return.
 * @throws ProofError when the leaves do not give the root of the checkpoint: nothing must be published then
 */
export async function writeTiles(directory: string, { size, checkpoint, readLeaves }: LogSource): Promise<void> {
  const head = parseCheckpointText(parseNote(checkpoint).text)
  if (head.size !== size) throw new ProofError(`the checkpoint is for ${head.size} entries, not ${size}`)
  const files = createDurableFiles(directory)
  const stack = createTileStack()
  for (const bundle of tilesOfLevel(size, 'entries')) {
    const from = bundle.index * tileWidth
    const leaves = await readLeaves(from, from + bundle.width)
    if (leaves.length !== bundle.width) throw new ProofError(`entries ${from} to ${from + bundle.width} are incomplete`)
    const bytes = encodeEntryBundle(leaves)
    await files.write(tilePath(bundle), bytes)
    for (const { tile, hashes } of stack.push(hashEntries(bytes, entryEnds(bytes, bundle.width)))) {
      await files.write(tilePath(tile), hashes)
    }
  }
  const { partial, root } = stack.finish()
  for (const { tile, hashes } of partial) await files.write(tilePath(tile), hashes)
  if (!equalHashes(root, head.root)) {
    throw new ProofError('the entries do not give the root of the checkpoint: the store is damaged')
  }
  await files.settle()
  await files.write('checkpoint', Buffer.from(checkpoint))
  await files.settle()
}
