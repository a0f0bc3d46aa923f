import { join } from 'node:path'
import { reasonOf, type Trust } from '@socle/schemas'
import { type CheckedLog, checkLog } from './check-log.ts'
import { maxTimeLine, timesFile } from './logged-times.ts'
import { messages } from './messages.ts'
import { linesOf } from './read-lines.ts'
import { isThere, maxSmallFile, readPieces, readRegular, readText } from './read-limited.ts'
import { readTilesOf } from './read-tiles.ts'
import type { ReportBuilder } from './report.ts'

export interface LogPlace {
  readonly directory: string
  /** How the report names a file of the log. */
  readonly nameOf: (file: string) => string
  /** Where `checkpoint.tsr` and `timestamps.ndjson` may be. */
  readonly tokenDirectories: readonly string[]
}

/** Bytes of `timestamps.ndjson`: half a million tokens, a half-year with two each minute. */
const maxTimesFile = 4_294_967_296

/**
 * Verifies an exported log in a directory: everything that `checkLog` does.
 * @returns undefined unless its checkpoint could be read and is signed
 */
export async function verifyLog(place: LogPlace, trust: Trust, report: ReportBuilder): Promise<CheckedLog | undefined> {
  const { directory, nameOf } = place
  let note: string
  try {
    note = readText(join(directory, 'checkpoint'))
  } catch (error) {
    report.failed(nameOf('checkpoint'), messages.checkpointBad, reasonOf(error))
    return undefined
  }
  const timesPath = placeOf(place, timesFile)
  const times = timesPath === undefined ? undefined : linesOf(readPieces(timesPath, maxTimesFile), maxTimeLine)
  const token = readToken(place, report)
  return await checkLog({ note, read: readTilesOf(directory), token, times, nameOf }, trust, report)
}

function readToken(place: LogPlace, report: ReportBuilder): Uint8Array | undefined {
  const path = placeOf(place, 'checkpoint.tsr')
  if (path === undefined) return undefined
  try {
    return readRegular(path, maxSmallFile)
  } catch (error) {
    report.failed(place.nameOf('checkpoint.tsr'), messages.tokenBad, reasonOf(error))
    return undefined
  }
}

function placeOf({ tokenDirectories }: LogPlace, file: string): string | undefined {
  return tokenDirectories.map((folder) => join(folder, file)).find((path) => isThere(path))
}
