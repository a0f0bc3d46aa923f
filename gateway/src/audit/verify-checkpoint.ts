import { existsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import {
  type Checkpoint,
  type Growth,
  maxReceiptLength,
  openCheckpoint,
  parseGrowth,
  reasonOf,
  type Trust,
} from '@socle/schemas'
import { checkHistory, isGrowth, type Later, noteIn } from './check-history.ts'
import { checkToken } from './check-log.ts'
import { messages } from './messages.ts'
import { requireLogKey } from './place-judge.ts'
import { isThere, maxSmallFile, readRegular } from './read-limited.ts'
import type { ReportBuilder } from './report.ts'

/** A file that was read as far as knowing that it is a signed note, alone or behind a consistency proof. */
export interface NoteFile {
  readonly path: string
  readonly name: string
  readonly text: string
}

/** True for the text of a signed note, or of one behind a consistency proof. */
export function isNote(text: string): boolean {
  return text.includes('\n\n\u2014 ') && !/^\s*\{/.test(text) && !text.startsWith('c2sp.org/')
}

/**
 * Verifies a checkpoint that stands alone: its signature, that its key counts, and its token when one lies beside it (the same name and `.tsr`).
 * @param from an earlier checkpoint to compare it with
 */
export async function verifyCheckpoint(
  { path, name, text }: NoteFile,
  { trust, from }: { readonly trust: Trust; readonly from: string | undefined },
  report: ReportBuilder,
): Promise<void> {
  let growth: Growth | undefined
  let head: Checkpoint
  try {
    growth = isGrowth(text) ? parseGrowth(text) : undefined
    head = openCheckpoint(growth?.checkpoint ?? text, trust.logs)
  } catch (error) {
    return report.failed(name, messages.checkpointBad, reasonOf(error))
  }
  report.proved(name, messages.checkpointGood(head))
  const note = growth?.checkpoint ?? text
  const token = readToken([`${path}.tsr`])
  const stamp = checkToken({ name: `${name}.tsr`, note, token, absent: messages.tokenAbsent }, trust, report)
  try {
    requireLogKey(note, trust, stamp)
  } catch (error) {
    return report.failed(name, messages.logKeyBad, reasonOf(error))
  }
  if (from !== undefined) await verifySince(from, { name, head, by: growth }, trust, report)
}

/** Compares a state of a log with an earlier one, read from a file that somebody kept or from an older export. */
export async function verifySince(from: string, later: Later, trust: Trust, report: ReportBuilder): Promise<void> {
  let note: string
  let token: Uint8Array | undefined
  try {
    const path = checkpointAt(from)
    note = noteIn(readRegular(path, maxReceiptLength))
    token = readToken([`${path}.tsr`, ...(path === from ? [] : [join(dirname(dirname(path)), 'checkpoint.tsr')])])
  } catch (error) {
    return report.unusable(from, messages.pathUnreadable, reasonOf(error))
  }
  await checkHistory({ name: from, note, token }, later, trust, report)
}

function checkpointAt(from: string): string {
  if (!statSync(from).isDirectory()) return from
  const places = [join(from, 'checkpoint'), join(from, 'log', 'checkpoint')]
  return places.find((path) => existsSync(path)) ?? join(from, 'checkpoint')
}

function readToken(places: readonly string[]): Uint8Array | undefined {
  const path = places.find((place) => isThere(place))
  return path === undefined ? undefined : readRegular(path, maxSmallFile)
}
