import { randomUUID } from 'node:crypto'
import { type FileHandle, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** In the data directory, beside the ledger or far from it: what this hub knew of the log when it wrote last. */
const fileName = 'last-checkpoint'

/** The signed note that was kept; undefined when there is none. */
export async function readLastCheckpoint(directory: string): Promise<string | undefined> {
  try {
    return await readFile(join(directory, fileName), 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

/**
 * Whole or not at all, and on disk when this resolves. Not by the blocking calls that keys are written with: this is done
 * again and again while requests are answered.
 */
export async function writeLastCheckpoint(directory: string, note: string): Promise<void> {
  const path = join(directory, fileName)
  const temporary = `${path}.${randomUUID()}.tmp`
  try {
    await synced(temporary, 'wx', async (file) => await file.writeFile(note))
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
