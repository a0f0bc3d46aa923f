import { dirname } from 'node:path'
import { openDirectory, readIfThere, removeDurably, writeDurably } from './durable-file.ts'
import { HubClientError } from './hub-client-error.ts'

/** Where a reader of the feed stands, on disk. Losing the file means reading again from the start, never losing an event. */
export interface CursorFile {
  /** Undefined before the first page. @throws HubClientError FILE_UNREADABLE: a damaged file is not an absent one */
  read(): Promise<string | undefined>
  /** Durable when it resolves. */
  write(cursor: string): Promise<void>
  /** The next reading starts from the beginning of the log. */
  clear(): Promise<void>
}

const first = 'socle-cursor/v1 '

export async function openCursorFile(path: string): Promise<CursorFile> {
  await openDirectory(dirname(path))
  return {
    async read() {
      const text = (await readIfThere(path))?.toString('utf8')
      if (text === undefined) return undefined
      const cursor = /^socle-cursor\/v1 ([\x21-\x7e]{1,1024})\n$/.exec(text)?.[1]
      if (cursor === undefined) throw new HubClientError('FILE_UNREADABLE', { reason: path })
      return cursor
    },
    write: async (cursor) => await writeDurably(path, `${first}${cursor}\n`),
    clear: async () => await removeDurably(path),
  }
}
