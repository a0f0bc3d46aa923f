import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { randomUUID } from 'node:crypto'
import { dirname, join } from 'node:path'
import { maxStoredBytes } from './limits.ts'

/**
 * Writes a file whole or not at all, and on disk when this resolves: temporary file, fsync, rename, fsync of the
 * directory. After a crash readers see the old bytes or the new ones, never a part. Only the owner may read it.
 */
export async function writeDurably(path: string, bytes: Uint8Array | string): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`
  try {
    const file = await open(temporary, 'wx', 0o600)
    try {
      await file.writeFile(bytes)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
  await syncDirectory(dirname(path))
}

/** Removes a file; on disk when this resolves. A file that is not there is removed already. */
export async function removeDurably(path: string): Promise<void> {
  await rm(path, { force: true })
  await syncDirectory(dirname(path))
}

/** Moves a file between two directories of one file system; on disk when this resolves. */
export async function moveDurably(from: string, to: string): Promise<void> {
  await rename(from, to)
  await syncDirectory(dirname(to))
  await syncDirectory(dirname(from))
}

/** Creates the directory for its owner alone and sweeps what a crash left half-written. */
export async function openDirectory(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 })
  await syncDirectory(dirname(path))
  for (const name of await readdir(path)) if (name.endsWith('.tmp')) await rm(join(path, name), { force: true })
}

/** Undefined when there is no such file. @throws when it is there and cannot be read, or is beyond the limit */
export async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    const { size } = await stat(path)
    if (size > maxStoredBytes) throw new Error(`${path}: ${size} bytes, more than ${maxStoredBytes}`)
    return await readFile(path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

/** Without this a crash may forget the new name though the bytes are on disk. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}
