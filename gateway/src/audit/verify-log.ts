import { existsSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type Checkpoint,
  equalHashes,
  leafHash,
  type Message,
  openCheckpoint,
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
import { messages } from './messages.ts'
import type { ReportBuilder } from './report.ts'
import { createTileStack, type TileStack } from './tile-stack.ts'

export interface LogPlace {
  readonly directory: string
  /** How the report names a file of the log. */
  readonly nameOf: (file: string) => string
  /** Where `checkpoint.tsr` may be. */
  readonly tokenDirectories: readonly string[]
}

/**
 * Verifies an exported log: checkpoint signature; every entry bundle re-hashed against its level 0 tile; every tile of
 * every level and the root recomputed; the timestamp. Reads one bundle at a time.
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
  await verifyTiles(place, head, report)
  await verifyToken(place, { note, trust }, report)
  return openLogFiles(directory, head)
}

async function verifyTiles({ directory, nameOf }: LogPlace, head: Checkpoint, report: ReportBuilder): Promise<void> {
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
    if (await pushBundle({ directory, bundle, stack }, fail)) continue
    // Every hash above would be wrong too, and would only hide the place of the fault.
    return report.failed(nameOf('checkpoint'), messages.rootUnknown)
  }
  if (!equalHashes(await stack.finish(), head.root)) fail('checkpoint', messages.rootBad)
  if (faults === 0) report.proved(nameOf('tile/'), messages.treeGood(head.size, tiles))
}

/** @returns false when the bundle cannot be split into entries: the tree cannot be recomputed without them */
async function pushBundle(
  { directory, bundle, stack }: { directory: string; bundle: Tile; stack: TileStack },
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
    checkLeaf(entry, (reason) => fail(tilePath(bundle), messages.leafBad, `entry ${index}: ${reason}`))
    await stack.push(hash)
  }
  return true
}

function checkLeaf(entry: Uint8Array, fail: (reason: string) => void): void {
  try {
    parseLeaf(new TextDecoder('utf-8', { fatal: true }).decode(entry))
  } catch (error) {
    fail(reasonOf(error))
  }
}

async function verifyToken(
  { nameOf, tokenDirectories }: LogPlace,
  { note, trust }: { note: string; trust: Trust },
  report: ReportBuilder,
): Promise<void> {
  const path = tokenDirectories.map((folder) => join(folder, 'checkpoint.tsr')).find((file) => existsSync(file))
  const name = nameOf('checkpoint.tsr')
  if (path === undefined) return report.skipped(name, messages.tokenAbsent)
  if (trust.timestampAuthorities.length === 0) return report.skipped(name, messages.tokenUntrusted)
  try {
    const { time } = verifyTimestamp(await readFile(path), Buffer.from(note), trust.timestampAuthorities)
    report.proved(name, messages.tokenGood(time))
  } catch (error) {
    report.failed(name, messages.tokenBad, reasonOf(error))
  }
}

async function readSmall(path: string): Promise<string> {
  const { size } = await stat(path)
  if (size > 65_536) throw new Error('the checkpoint is too large')
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await readFile(path))
}
