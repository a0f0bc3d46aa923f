import { existsSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type Checkpoint,
  createLeafClock,
  equalHashes,
  type Leaf,
  leafHash,
  type LoggedTime,
  type Message,
  openCheckpoint,
  type OutsideTime,
  parseEntryBundle,
  parseLeaf,
  reasonOf,
  type Tile,
  tilePath,
  tilesOfLevel,
  tileWidth,
  type Trust,
  verifyTimestamp,
} from '@socle/schemas'
import { type LogFiles, openLogFiles, readTileFile } from './log-files.ts'
import { readLoggedTimes, timesFile } from './logged-times.ts'
import { messages } from './messages.ts'
import type { ReportBuilder } from './report.ts'
import { createTileStack, type TileStack } from './tile-stack.ts'

export interface LogPlace {
  readonly directory: string
  /** How the report names a file of the log. */
  readonly nameOf: (file: string) => string
  /** Where `checkpoint.tsr` and `timestamps.ndjson` may be. */
  readonly tokenDirectories: readonly string[]
}

/**
 * Verifies an exported log: checkpoint signature; the timestamps; every entry bundle re-hashed against its level 0 tile,
 * the time of each entry against those of the tokens; every tile of every level and the root recomputed. Reads one bundle
 * at a time.
 * @returns access to the log, when its checkpoint could be read and is signed
 */
export async function verifyLog(place: LogPlace, trust: Trust, report: ReportBuilder): Promise<LogFiles | undefined> {
  const { directory, nameOf } = place
  let note: string
  let head: Checkpoint
  try {
    note = await readSmall(join(directory, 'checkpoint'))
    head = openCheckpoint(note, trust.logs)
  } catch (error) {
    report.failed(nameOf('checkpoint'), messages.checkpointBad, reasonOf(error))
    return undefined
  }
  report.proved(nameOf('checkpoint'), messages.checkpointGood(head))
  const log = openLogFiles(directory, head)
  const path = placeOf(place, timesFile)
  const times = await readLoggedTimes({ path, name: nameOf(timesFile), log, trust }, report)
  const last = await verifyToken(place, { note, trust }, report)
  const known = [...(times ?? []), ...(last ? [{ ...last, index: head.size, size: head.size }] : [])]
  await verifyTiles(place, { head, judge: judgeOf(known, times !== undefined) }, report)
  return log
}

/** What the outside clocks and the list of tokens say of a leaf. */
type JudgeLeaf = (index: number, leaf: Leaf) => readonly [Message, string] | undefined

function judgeOf(known: readonly LoggedTime[], isComplete: boolean): JudgeLeaf {
  const clock = createLeafClock(known)
  const listed = new Set(known.map(({ index }) => index))
  return (index, { at, kind }) => {
    if (isComplete && kind === 'ts' && !listed.has(index)) return [messages.timeMissing, `entry ${index}`]
    const reason = clock.check(index, at)
    return reason === undefined ? undefined : [messages.leafTimeBad, `entry ${index}: ${reason}`]
  }
}

function placeOf({ tokenDirectories }: LogPlace, file: string): string | undefined {
  return tokenDirectories.map((folder) => join(folder, file)).find((path) => existsSync(path))
}

interface Expected {
  readonly head: Checkpoint
  readonly judge: JudgeLeaf
}

async function verifyTiles(
  { directory, nameOf }: LogPlace,
  { head, judge }: Expected,
  report: ReportBuilder,
): Promise<void> {
  let faults = 0
  let tiles = 0
  const fail = (path: string, message: Message, detail?: string): void => {
    faults += 1
    report.failed(nameOf(path), message, detail)
  }
  const stack = createTileStack(async (tile, hashes) => {
    tiles += 1
    try {
      const stored = await readTileFile(directory, tile)
      const at = stored.findIndex((byte, position) => byte !== hashes[position])
      if (at >= 0) fail(tilePath(tile), messages.tileBad, `hash ${Math.floor(at / 32)}`)
    } catch (error) {
      fail(tilePath(tile), messages.tileBad, reasonOf(error))
    }
  })
  for (const bundle of tilesOfLevel(head.size, 'entries')) {
    if (await pushBundle({ directory, bundle, stack, judge }, fail)) continue
    // Every hash above would be wrong too, and would only hide the place of the fault.
    return report.failed(nameOf('checkpoint'), messages.rootUnknown)
  }
  if (!equalHashes(await stack.finish(), head.root)) fail('checkpoint', messages.rootBad)
  if (faults === 0) report.proved(nameOf('tile/'), messages.treeGood(head.size, tiles))
}

/** @returns false when the bundle cannot be split into entries: the tree cannot be recomputed without them */
async function pushBundle(
  { directory, bundle, stack, judge }: { directory: string; bundle: Tile; stack: TileStack; judge: JudgeLeaf },
  fail: (path: string, message: Message, detail?: string) => void,
): Promise<boolean> {
  let entries: Uint8Array[]
  let stored: Buffer | undefined
  try {
    entries = parseEntryBundle(await readTileFile(directory, bundle), bundle.width)
  } catch (error) {
    fail(tilePath(bundle), messages.bundleBad, reasonOf(error))
    return false
  }
  try {
    stored = await readTileFile(directory, { ...bundle, level: 0 })
  } catch {
    // Said when the recomputed tile is compared.
  }
  for (const [at, entry] of entries.entries()) {
    const hash = leafHash(entry)
    const index = bundle.index * tileWidth + at
    const expected = stored?.subarray(at * 32, at * 32 + 32)
    if (expected !== undefined && !equalHashes(hash, expected)) {
      fail(tilePath(bundle), messages.entryBad, `entry ${index}`)
    }
    const wrong = wrongIn(entry, index, judge)
    if (wrong) fail(tilePath(bundle), ...wrong)
    await stack.push(hash)
  }
  return true
}

function wrongIn(entry: Uint8Array, index: number, judge: JudgeLeaf): readonly [Message, string] | undefined {
  try {
    return judge(index, parseLeaf(new TextDecoder('utf-8', { fatal: true }).decode(entry)))
  } catch (error) {
    return [messages.leafBad, `entry ${index}: ${reasonOf(error)}`]
  }
}

async function verifyToken(
  place: LogPlace,
  { note, trust }: { note: string; trust: Trust },
  report: ReportBuilder,
): Promise<OutsideTime | undefined> {
  const path = placeOf(place, 'checkpoint.tsr')
  const name = place.nameOf('checkpoint.tsr')
  const isTrusted = trust.timestampAuthorities.length > 0
  if (path === undefined || !isTrusted) {
    report.skipped(name, path === undefined ? messages.tokenAbsent : messages.tokenUntrusted)
    return undefined
  }
  try {
    const { time, accuracyMs } = verifyTimestamp(await readFile(path), Buffer.from(note), trust.timestampAuthorities)
    report.proved(name, messages.tokenGood(time))
    return { time, accuracyMs }
  } catch (error) {
    report.failed(name, messages.tokenBad, reasonOf(error))
    return undefined
  }
}

async function readSmall(path: string): Promise<string> {
  const { size } = await stat(path)
  if (size > 65_536) throw new Error('the checkpoint is too large')
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await readFile(path))
}
