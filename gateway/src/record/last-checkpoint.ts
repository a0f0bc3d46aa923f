import { randomUUID } from 'node:crypto'
import { type FileHandle, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/**
 * In the data directory, beside the ledger or far from it: what this hub knew of the log when it wrote last, and the last
 * checkpoint that an outside clock stamped, with its token beside it.
 */
export type KeptNote = 'last-checkpoint' | 'last-stamped'

/** The signed note that was kept; undefined when there is none. */
export async function readKeptNote(directory: string, name: KeptNote): Promise<string | undefined> {
  try {
    return await readFile(join(directory, name), 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

export async function writeLastCheckpoint(directory: string, note: string): Promise<void> {
  await writeWhole(join(directory, 'last-checkpoint'), note)
}

/** The token first: a crash in between leaves a token of the next checkpoint, which nobody reads without its note. */
export async function writeLastStamped(directory: string, note: string, token: Uint8Array): Promise<void> {
  await writeWhole(join(directory, 'last-stamped.tsr'), token)
  await writeWhole(join(directory, 'last-stamped'), note)
}

/**
 * Whole or not at all, and on disk when this resolves. Not by the blocking calls that keys are written with: this is done
 * again and again while requests are answered.
 */
async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`
  try {
    await synced(temporary, 'wx', async (file) => await file.writeFile(content))
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
  await synced(dirname(path), 'r', async () => await Promise.resolve())
}

async function synced(path: string, flags: 'wx' | 'r', work: (file: FileHandle) => Promise<void>): Promise<void> {
  const file = await open(path, flags, 0o600)
  try {
    await work(file)
    await file.sync()
  } finally {
    await file.close()
  }
}
