import { open, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { readKeptNote, writeLastCheckpoint } from './last-checkpoint.ts'

/** The head of the log as it was given out last, kept apart from the store. It only ever moves forward. */
export interface HeadFile {
  /**
   * Compare and set: resolves when the file says that size of the log or a larger one, and is on disk. What it said before
   * is shown to `judge` first; when that says no, nothing is written, so that what the file knows stays known.
   * Costs nothing for a size that is there already; several callers at once share one writing.
   * @returns false when `judge` said no
   */
  reach(head: { readonly size: number; readonly note: string }): Promise<boolean>
}

/** Whether our ledger goes on from a note that was kept. */
export type JudgeKept = (note: string) => Promise<boolean>

/** Size of the log in a kept note; undefined when it is another log's, or nothing that our key signed. */
export type SizeOfKept = (note: string) => number | undefined

interface Settings {
  readonly directory: string
  readonly sizeOf: SizeOfKept
  readonly judge: JudgeKept
}

export function createHeadFile({ directory, sizeOf, judge }: Settings): HeadFile {
  let durable = { size: 0, note: '' }
  /** One writing at a time in this process; the lock file keeps commands of operators apart. */
  let last: Promise<boolean> = Promise.resolve(true)

  async function compareAndSet(head: { readonly size: number; readonly note: string }): Promise<boolean> {
    if (isThere(head)) return true
    return await underLock(directory, async () => {
      const kept = await readKeptNote(directory, 'last-checkpoint')
      if (kept !== undefined && !(await judge(kept))) return false
      if (kept === undefined || isBefore(kept, head)) await writeLastCheckpoint(directory, head.note)
      durable = head
      return true
    })
  }

  /** A log of another name begins again at a smaller size. */
  function isBefore(kept: string, { size, note }: { readonly size: number; readonly note: string }): boolean {
    const keptSize = originOf(kept) === originOf(note) ? sizeOf(kept) : undefined
    return keptSize === undefined || keptSize < size || (keptSize === size && kept !== note)
  }

  function isThere({ size, note }: { readonly size: number; readonly note: string }): boolean {
    return originOf(note) === originOf(durable.note) && size <= durable.size
  }

  return {
    async reach(head) {
      if (isThere(head)) return true
      const turn = last.catch(() => true).then(async () => await compareAndSet(head))
      last = turn
      return await turn
    },
  }
}

function originOf(note: string): string {
  return note.split('\n', 1)[0] ?? ''
}

const tryMs = 20
/** A writing takes milliseconds: who holds the lock for so long was killed. Counted on the monotonic clock. */
const deadMs = 5_000

/**
 * One process at a time. The lock of a process that was killed is taken away after five seconds; should two do that in the
 * same instant, both write, which is where we would be without any lock.
 */
async function underLock<T>(directory: string, work: () => Promise<T>): Promise<T> {
  const path = join(directory, 'last-checkpoint.lock')
  let seen = { lock: '', from: 0 }
  while (!(await takes(path))) {
    // The time too: file systems give the number of a file that is gone to the next one.
    const lock = await stat(path).then(
      ({ ino, ctimeMs }) => `${ino} ${ctimeMs}`,
      () => 'gone',
    )
    if (lock !== seen.lock) seen = { lock, from: performance.now() }
    else if (performance.now() - seen.from > deadMs) await rm(path, { force: true })
    await sleep(tryMs)
  }
  try {
    return await work()
  } finally {
    await rm(path, { force: true })
  }
}

async function takes(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx', 0o600)
    await file.close()
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}
