import { dirname } from 'node:path'
import { openDirectory, readIfThere, removeDurably, writeDurably } from './durable-file.ts'
import { HubClientError } from './hub-client-error.ts'
import type { HubEvent } from './hub-event.ts'
import { isObject } from './answers.ts'

type Placed = Pick<HubEvent, 'source' | 'hubseq'>

/**
 * Knows which events were handled by one integer a source: the highest `hubseq`. True only for a reader that gets the
 * events of one log in order and handles them one at a time, which is what `readFeed` and the webhook receiver do.
 * Two channels with different subjects need one `Seen` each.
 */
export interface Seen {
  has(event: Placed): boolean
  /** Durable when it resolves. A crash before it means that the event is handled again. */
  mark(event: Placed): Promise<void>
  /** Forgets everything: the log starts again at 0. */
  clear(): Promise<void>
}

/** @throws HubClientError FILE_UNREADABLE: a damaged file is not an absent one */
export async function openSeen(path: string): Promise<Seen> {
  await openDirectory(dirname(path))
  const highest = await read(path)
  return {
    has: ({ source, hubseq }) => hubseq <= (highest.get(source) ?? -1),
    async mark({ source, hubseq }) {
      if (hubseq <= (highest.get(source) ?? -1)) return
      await writeDurably(path, `${JSON.stringify(Object.fromEntries([...highest, [source, hubseq]]))}\n`)
      highest.set(source, hubseq)
    },
    async clear() {
      await removeDurably(path)
      highest.clear()
    },
  }
}

async function read(path: string): Promise<Map<string, number>> {
  const bytes = await readIfThere(path)
  if (!bytes) return new Map()
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'))
    const entries = isObject(value) ? Object.entries(value) : [['', undefined] as const]
    return new Map(
      entries.map(([source, hubseq]) => {
        if (typeof hubseq !== 'number' || !Number.isSafeInteger(hubseq)) throw new Error('not a sequence number')
        return [source, hubseq]
      }),
    )
  } catch (error) {
    throw new HubClientError('FILE_UNREADABLE', { reason: path }, error)
  }
}
