import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { isObject } from '../kit/answers.ts'
import { openDirectory, readIfThere, writeDurably } from '../kit/durable-file.ts'
import { HubClientError } from '../kit/hub-client-error.ts'
import type { Progress } from './chain.ts'
import type { Place } from './trouble.ts'

/**
 * How far each partition has been handled: one file each. The truth about this consumer; the broker's committed offsets
 * are a copy for whoever watches. Losing the directory means reading again from the start, never losing an event.
 */
export interface ProgressFiles {
  of(place: Place): Progress | undefined
  /** Durable when it resolves. */
  move(place: Place, progress: Progress): Promise<void>
}

/** The directory belongs to one group. @throws HubClientError FILE_UNREADABLE: damaged, or of another group */
export async function openProgressFiles(directory: string, groupId: string): Promise<ProgressFiles> {
  await openDirectory(directory)
  await ownedBy(join(directory, 'group'), groupId)
  const known = new Map<string, Progress>()
  for (const name of await readdir(directory)) {
    if (!name.endsWith('.json')) continue
    known.set(name, read(await readIfThere(join(directory, name)), name))
  }
  return {
    of: (place) => known.get(nameOf(place)),
    async move(place, progress) {
      const name = nameOf(place)
      await writeDurably(join(directory, name), `${JSON.stringify(progress)}\n`)
      known.set(name, progress)
    },
  }
}

/** Topic names hold letters, digits, dots, dashes and underscores only: they are file names as they are. */
function nameOf({ topic, partition }: Place): string {
  return `${topic}.${partition}.json`
}

async function ownedBy(path: string, groupId: string): Promise<void> {
  const owner = (await readIfThere(path))?.toString('utf8')
  if (owner === undefined) await writeDurably(path, groupId)
  else if (owner !== groupId) throw new HubClientError('FILE_UNREADABLE', { reason: `${path}: of another group` })
}

function read(bytes: Buffer | undefined, name: string): Progress {
  const value = parse(bytes?.toString('utf8') ?? '')
  if (!isObject(value)) throw new HubClientError('FILE_UNREADABLE', { reason: name })
  const { next, last, source, gapAccepted } = value
  if (!isCount(next) || !(last === undefined || isCount(last)))
    throw new HubClientError('FILE_UNREADABLE', { reason: name })
  return {
    next,
    ...(last === undefined ? {} : { last }),
    ...(typeof source === 'string' ? { source } : {}),
    ...(gapAccepted === true ? { gapAccepted } : {}),
  }
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
