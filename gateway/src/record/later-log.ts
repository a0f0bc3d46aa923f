import { openCheckpoint, parseVkey } from '@socle/schemas'
import type { Tail } from '../ports.ts'
import type { Reader } from '../store/database.ts'
import { readHead } from '../store/ledger-rows.ts'
import { isLossAccepted, type Range, readLeafHash, readNote } from '../store/losses.ts'

/** Something outside the store that knew the log when it had a size. */
export interface Memory {
  /** Of the ledger. */
  readonly size: number
  /** Whether ours, when it is as long, is the same up to there. */
  readonly fits: () => Promise<boolean>
}

/** Key of a log, and the number in the ledger that it begins at. */
export interface RememberedLog {
  readonly vkey: string
  readonly first: number
}

/** A signed checkpoint, which says the log's own size. @throws ProofError when the key did not sign it */
export function memoryOf(reader: Reader, note: string, { vkey, first }: RememberedLog): Memory {
  const size = first + openCheckpoint(note, [parseVkey(vkey)]).size
  return { size, fits: async () => isSameHead(await readNote(reader, size), note) }
}

/** Messages of our ledger. Topics may be full of another one's, whose numbers say nothing about ours. */
export function memoriesOf(reader: Reader, tails: readonly Tail[], source: string): readonly Memory[] {
  const ours = tails.filter((tail) => tail.source === source)
  return ours.map(({ sequence, leaf }) => ({
    size: sequence + 1,
    fits: async () => (await readLeafHash(reader, sequence)) === leaf,
  }))
}

/**
 * What they know and the ledger has not, or has otherwise; losses that were accepted do not count again. The head
 * is read after they spoke: what they were told is never newer than a ledger that lost nothing.
 */
export async function lossAmong(reader: Reader, memories: readonly Memory[]): Promise<Range | undefined> {
  const size = (await readHead(reader))?.size ?? 0
  const wrong: number[] = []
  for (const memory of memories) {
    const isThere = memory.size <= size
    if (!isThere || !((await memory.fits()) || (await isLossAccepted(reader, memory.size)))) wrong.push(memory.size)
  }
  return wrong.length === 0 ? undefined : { from: Math.min(size, Math.min(...wrong) - 1), to: Math.max(...wrong) }
}

/** Origin, size and root: a signature may be renewed. */
function isSameHead(one: string | undefined, other: string): boolean {
  const headOf = (note: string): string => note.split('\n', 3).join('\n')
  return one !== undefined && headOf(one) === headOf(other)
}
