import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Connector, Subject, Tell } from '../kit/connector.ts'
import { openCursorFile } from '../kit/cursor-file.ts'
import { openDirectory, readIfThere, writeDurably } from '../kit/durable-file.ts'
import { readFeed } from '../kit/feed-reader.ts'
import type { HubClient } from '../kit/hub-client.ts'
import type { HubEvent } from '../kit/hub-event.ts'
import { reportOnce } from '../kit/report-once.ts'
import { openSeen } from '../kit/seen.ts'

export interface SimulatedArchiveSettings {
  readonly name: string
  readonly client: HubClient
  readonly directory: string
  /** e-DUME responses come only for the buyers that mandated the account. */
  readonly kinds?: readonly Exclude<Subject, 'outcome'>[]
  readonly signal?: AbortSignal
  readonly tell?: Tell
}

/** An archive that pulls: each document with its evidence on its own disk, then `archived` reported. */
export interface SimulatedArchive extends Connector {
  /** Where a document is kept: `document` (its bytes), `evidence.asice`, `event.json`, and `archived` once reported; `erased.json` alone once erased. */
  directoryOf(id: string): string
}

const everything = ['notice', 'dume-response', 'award'] as const

export async function createSimulatedArchive(settings: SimulatedArchiveSettings): Promise<SimulatedArchive> {
  const { name, client, directory, kinds = everything, tell = () => undefined } = settings
  const kept = join(directory, 'documents')
  await openDirectory(directory)
  await openDirectory(kept)
  const directoryOf = (id: string): string => join(kept, id)
  const stop = new AbortController()
  const signal = settings.signal ? AbortSignal.any([stop.signal, settings.signal]) : stop.signal
  const seen = await openSeen(join(directory, 'seen.json'))
  const cursorFile = await openCursorFile(join(directory, 'feed.cursor'))
  const handle = async (event: HubEvent): Promise<void> => {
    const { id } = event.document
    if (event.erased) {
      await forget(directoryOf(id), event.erased)
      return tell('erased', { document: id, decision: event.erased.decision })
    }
    const report = await archive({ client, signal }, directoryOf(id), event)
    tell('archived', { document: id, report })
  }
  const done = readFeed(client, { cursorFile, kinds, handle, signal, seen, tell })
  // Whoever looks at `done` gets the failure; one that nobody awaits yet must not end the process.
  done.catch(() => undefined)
  return {
    name,
    done,
    directoryOf,
    async [Symbol.asyncDispose]() {
      stop.abort()
      await done.catch(() => undefined)
    },
  }
}

/** What was erased at the hub is erased here; that it was here, and why it is not any more, stays. */
async function forget(directory: string, erased: NonNullable<HubEvent['erased']>): Promise<void> {
  await rm(directory, { recursive: true, force: true })
  await openDirectory(directory)
  await writeDurably(join(directory, 'erased.json'), `${JSON.stringify(erased)}\n`)
}

/** Files first, then the report, then the mark: a crash anywhere is made good by doing it again. */
async function archive(
  { client, signal }: { readonly client: HubClient; readonly signal: AbortSignal },
  directory: string,
  event: HubEvent,
): Promise<'reported' | 'already-reported'> {
  const { id, content } = event.document
  const mark = join(directory, 'archived')
  if (await readIfThere(mark)) return 'already-reported'
  await openDirectory(directory)
  const maybeReported = (await readIfThere(join(directory, 'event.json'))) !== undefined
  const bytes = await client.content(id, content?.sha256)
  await client.receipt(id, bytes)
  await writeDurably(join(directory, 'document'), bytes)
  await writeDurably(join(directory, 'evidence.asice'), await client.evidence(id))
  // Last of the files: its presence says that the others are there.
  await writeDurably(join(directory, 'event.json'), `${JSON.stringify(event, undefined, 2)}\n`)
  const report = await reportOnce(client, id, { result: 'archived' }, { maybeReported, signal })
  await writeDurably(mark, `${report}\n`)
  return report
}
