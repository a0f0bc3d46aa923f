import { existsSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import {
  type Checkpoint,
  checkShardLink,
  parseCheckpointText,
  parseNote,
  ProofError,
  reasonOf,
  type ShardEntry,
  type Trust,
} from '@socle/schemas'
import type { CheckedLog } from './check-log.ts'
import type { LogFiles } from './log-files.ts'
import { neighbourMessages } from './neighbour-messages.ts'
import { maxSmallFile, readRegular } from './read-limited.ts'
import type { ReportBuilder } from './report.ts'
import { readShardLines, shardFile } from './shard-entries.ts'
import { verifyLog } from './verify-log.ts'

/** A log of an export that was verified a moment ago, and where `shard.ndjson` may be. */
export interface VerifiedLog {
  readonly name: string
  readonly checked: CheckedLog
  readonly directories: readonly string[]
}

/** Folder of the tiles in an export, or the folder itself; undefined when `path` is no exported log of another name. */
export function otherLogAt(path: string, { origin }: Checkpoint): string | undefined {
  if (!existsSync(path) || !statSync(path).isDirectory()) return undefined
  const folder = [join(path, 'log'), path].find((place) => existsSync(join(place, 'checkpoint')))
  if (folder === undefined) return undefined
  try {
    const note = readRegular(join(folder, 'checkpoint'), maxSmallFile).toString('utf8')
    return parseCheckpointText(parseNote(note).text).origin === origin ? undefined : folder
  } catch {
    return undefined
  }
}

/** Verifies the log before, as any other, then that the later one goes on where it ended. */
export async function verifyNeighbour(
  folder: string,
  later: VerifiedLog,
  trust: Trust,
  report: ReportBuilder,
): Promise<void> {
  const outside = dirname(folder)
  const prefix = basename(folder) === 'log' ? basename(outside) : basename(folder)
  const place = {
    directory: folder,
    nameOf: (file: string) => `${prefix}/${file}`,
    tokenDirectories: [folder, outside],
  }
  const checked = await verifyLog(place, trust, report)
  if (!checked?.isProved || !later.checked.isProved)
    return report.failed(later.name, neighbourMessages.doesNotFollow, 'a log is not proved')
  try {
    const { log: older } = checked
    const { log: newer } = later.checked
    const last = await entryAt(older, older.head.size - 1, place.tokenDirectories)
    const first = await entryAt(newer, 0, later.directories)
    requireLink({ ended: { head: older.head, last }, first, newer }, trust)
    report.proved(later.name, neighbourMessages.follows(older.head.origin, newer.head.origin))
  } catch (error) {
    report.failed(later.name, neighbourMessages.doesNotFollow, reasonOf(error))
  }
}

/** More than one key of that name may be trusted: the one that the older log names must be among them. */
function requireLink(
  { ended, first, newer }: { ended: { head: Checkpoint; last: ShardEntry }; first: ShardEntry; newer: LogFiles },
  { logs }: Trust,
): void {
  const keys = logs.filter(({ name }) => name === newer.head.origin)
  let reason: unknown = new ProofError('no key of the newer log is trusted')
  for (const key of keys) {
    try {
      return checkShardLink({ ended, begun: { key, first } })
    } catch (error) {
      reason = error
    }
  }
  throw reason
}

async function entryAt(log: LogFiles, index: number, directories: readonly string[]): Promise<ShardEntry> {
  const path = directories.map((directory) => join(directory, shardFile)).find((file) => existsSync(file))
  const line = path === undefined ? undefined : readShardLines(path).find((one) => one.index === index)
  if (!line) throw new ProofError(`${shardFile} does not open entry ${index}`)
  return { leaf: await log.readEntry(index), envelope: line.envelope, salt: line.salt }
}
