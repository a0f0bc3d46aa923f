import {
  type Checkpoint,
  createLeafClock,
  type Message,
  openCheckpoint,
  type OutsideTime,
  reasonOf,
  requireQuorum,
  type Trust,
  verifyTimestamp,
  withoutCosignatures,
} from '@socle/schemas'
import { checkTree, type ReadTile } from './check-tree.ts'
import { type LogFiles, openLogFiles } from './log-files.ts'
import { readLoggedTimes, timesFile } from './logged-times.ts'
import { messages } from './messages.ts'
import { latestOf, requireLogKey } from './place-judge.ts'
import type { ReportBuilder } from './report.ts'

/** Entries of the largest log that is read: half an hour's work. A size is a claim, and files may be links to others. */
const maxLogSize = 2 ** 30

/** A published log, wherever its files are: in a directory, or in a browser's hands. */
export interface LogParts {
  /** The text of `checkpoint`. */
  readonly note: string
  readonly read: ReadTile
  /** Bytes of `checkpoint.tsr`; undefined when there is none. */
  readonly token: Uint8Array | undefined
  /** Lines of `timestamps.ndjson`; undefined when there is none. */
  readonly times: Iterable<string> | undefined
  /** How the report names a file of the log. */
  readonly nameOf: (file: string) => string
}

/** A log whose head is signed. */
export interface CheckedLog {
  readonly log: LogFiles
  /** Every entry and tile was there, and gave the signed root. */
  readonly isProved: boolean
  /** The latest moment at which an entry was in the log, by its first token; undefined: none covers it. @param index in the log */
  provenTime(index: number): Date | undefined
}

/**
 * Verifies a log: checkpoint signature; the timestamps; every entry bundle re-hashed against its level 0 tile, the time of
 * each entry against those of the tokens; every tile of every level and the root recomputed. No file system, no network.
 * @returns undefined unless its checkpoint is signed
 */
export async function checkLog(parts: LogParts, trust: Trust, report: ReportBuilder): Promise<CheckedLog | undefined> {
  const { note, read, nameOf } = parts
  let head: Checkpoint
  try {
    head = openCheckpoint(note, trust.logs)
  } catch (error) {
    report.failed(nameOf('checkpoint'), messages.checkpointBad, reasonOf(error))
    return undefined
  }
  report.proved(nameOf('checkpoint'), messages.checkpointGood(head))
  checkWitnesses(nameOf('checkpoint'), { note, trust }, report)
  if (head.size > maxLogSize) {
    report.failed(nameOf('checkpoint'), messages.logTooLarge, `${head.size} entries, at most ${maxLogSize}`)
    return undefined
  }
  const log = openLogFiles(read, head)
  const times = await readLoggedTimes({ lines: parts.times, name: nameOf(timesFile), log, trust }, report)
  const name = nameOf('checkpoint.tsr')
  const last = checkToken({ name, note, token: parts.token, absent: messages.tokenAbsent }, trust, report)
  const known = [...(times ?? []), ...(last ? [{ ...last, index: head.size, size: head.size }] : [])]
  let faults = 0
  const fail = (file: string, message: Message, detail?: string): void => {
    faults += 1
    report.failed(nameOf(file), message, detail)
  }
  try {
    requireLogKey(note, trust, last)
  } catch (error) {
    fail('checkpoint', messages.logKeyBad, reasonOf(error))
  }
  const clock = createLeafClock(known)
  const { tiles, isRootKnown } = checkTree({ head, read, clock, isComplete: times !== undefined, fail })
  if (!isRootKnown) report.failed(nameOf('checkpoint'), messages.rootUnknown)
  else if (faults === 0) report.proved(nameOf('tile/'), messages.treeGood(head.size, tiles))
  const isProved = isRootKnown && faults === 0
  const provenTime = (index: number): Date | undefined => {
    const first = isProved ? known.find(({ size }) => size > index) : undefined
    return first && latestOf(first)
  }
  return { log, isProved, provenTime }
}

/** Where a policy of witnesses is trusted: what is not cosigned as it wants may be one view among others. */
function checkWitnesses(
  name: string,
  { note, trust }: { readonly note: string; readonly trust: Trust },
  report: ReportBuilder,
): void {
  if (!trust.witnesses) return
  try {
    report.proved(name, messages.witnessed(requireQuorum(note, trust.witnesses)))
  } catch (error) {
    report.failed(name, messages.notWitnessed, reasonOf(error))
  }
}

/** Who a token is for, and what is said when there is none. */
export interface TokenToCheck {
  readonly name: string
  readonly note: string
  readonly token: Uint8Array | undefined
  readonly absent: Message
}

/** @returns when the note was there, by a trusted authority */
export function checkToken(
  { name, note, token, absent }: TokenToCheck,
  trust: Trust,
  report: ReportBuilder,
): OutsideTime | undefined {
  const isTrusted = trust.timestampAuthorities.length > 0
  if (token === undefined || !isTrusted) {
    report.skipped(name, token === undefined ? absent : messages.tokenUntrusted)
    return undefined
  }
  try {
    const stamped = Buffer.from(withoutCosignatures(note))
    const { time, accuracyMs } = verifyTimestamp(token, stamped, trust.timestampAuthorities)
    report.proved(name, messages.tokenGood(time))
    return { time, accuracyMs }
  } catch (error) {
    report.failed(name, messages.tokenBad, reasonOf(error))
    return undefined
  }
}
