import { type FileHandle, mkdir, open } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** Writes many small files below one directory. */
export interface DurableFiles {
  /** Takes a file; it may be written later. @throws what the file system says, of this file or of one taken before */
  write(path: string, bytes: Uint8Array): Promise<void>
  /** Returns when every file taken so far, and its name in every folder, is on disk. */
  settle(): Promise<void>
}

/** Files written together. Their names then cost one commit of the file system's journal, not one each. */
const together = 64

export function createDurableFiles(directory: string): DurableFiles {
  const folders = new Set<string>()
  let waiting: { path: string; bytes: Uint8Array }[] = []
  const flush = async (): Promise<void> => {
    const files = waiting
    waiting = []
    for (const { path } of files) await makeFolder(directory, dirname(path), folders)
    await writeTogether(files.map(({ path, bytes }) => ({ path: join(directory, path), bytes })))
  }
  return {
    async write(path, bytes) {
      waiting.push({ path, bytes })
      if (waiting.length >= together) await flush()
    },
    async settle() {
      await flush()
      for (const folder of folders) await syncFolder(join(directory, folder))
    },
  }
}

/** Makes a folder and remembers it and those above it: a name is on disk once the folder that holds it is. */
async function makeFolder(directory: string, folder: string, folders: Set<string>): Promise<void> {
  if (folders.has(folder)) return
  await mkdir(join(directory, folder), { recursive: true })
  folders.add(folder)
  if (folder !== '.') await makeFolder(directory, dirname(folder), folders)
}

async function writeTogether(files: readonly { path: string; bytes: Uint8Array }[]): Promise<void> {
  const handles: FileHandle[] = []
  try {
    for (const { path, bytes } of files) {
      const handle = await open(path, 'w')
      handles.push(handle)
      await handle.writeFile(bytes)
    }
    await Promise.all(handles.map(async (handle) => await handle.sync()))
  } finally {
    await Promise.all(handles.map(async (handle) => await handle.close()))
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
