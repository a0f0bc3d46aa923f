import {
  type Checkpoint,
  equalHashes,
  type Growth,
  openCheckpoint,
  parseGrowth,
  parseReceipt,
  parseTlogProof,
  reasonOf,
  type Trust,
  verifyConsistency,
} from '@socle/schemas'
import { type CheckedLog, checkToken } from './check-log.ts'
import { historyMessages } from './history-messages.ts'
import { messages } from './messages.ts'
import { latestOf, requireLogKey } from './place-judge.ts'
import type { ReportBuilder } from './report.ts'

/** A checkpoint that somebody kept, and when an outside clock saw it. */
export interface Earlier {
  /** How the report names it. */
  readonly name: string
  readonly note: string
  /** RFC 3161 response over the note; undefined when there is none. */
  readonly token: Uint8Array | undefined
}

/** The state to compare it with. */
export interface Later {
  readonly name: string
  /** Signed by the log. */
  readonly head: Checkpoint
  /** The log itself, or a proof; without either only equal sizes can be compared. */
  readonly by: CheckedLog | Pick<Growth, 'oldSize' | 'proof'> | undefined
}

/**
 * The signed note in a file that somebody kept: a checkpoint, a receipt, a tlog-proof, or what was sent to a witness.
 * @throws ProofError when it is none of them
 */
export function noteIn(bytes: Uint8Array): string {
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  if (/^\s*\{/.test(text)) return parseReceipt(text).checkpoint
  if (text.startsWith('c2sp.org/tlog-proof@')) return parseTlogProof(text).checkpoint
  return isGrowth(text) ? parseGrowth(text).checkpoint : text
}

/** True for a text that begins as a consistency proof does. */
export function isGrowth(text: string): boolean {
  return /^old \d+\n/.test(text)
}

/**
 * Was anything rewritten between two states of a log? The later one is known to be signed. Offline; what is said rests on
 * hashes alone: tiles, too, are taken for nothing but the proof that can be made of them.
 */
export async function checkHistory(earlier: Earlier, later: Later, trust: Trust, report: ReportBuilder): Promise<void> {
  const { name, note, token } = earlier
  let old: Checkpoint
  try {
    old = openCheckpoint(note, trust.logs)
  } catch (error) {
    return report.failed(name, messages.checkpointBad, reasonOf(error))
  }
  report.proved(name, historyMessages.earlierGood(old))
  const absent = historyMessages.earlierUndated
  const dated = checkToken({ name: `${name}.tsr`, note, token, absent }, trust, report)
  try {
    requireLogKey(note, trust, dated)
  } catch (error) {
    return report.failed(name, messages.logKeyBad, reasonOf(error))
  }
  const { head } = later
  if (old.origin !== head.origin) return report.unusable(later.name, historyMessages.otherLog)
  if (old.size > head.size) {
    return report.failed(later.name, historyMessages.shorter, `${head.size} entries, fewer than ${old.size}`)
  }
  if (await isBeginning(old, later, report)) {
    const said = dated ? historyMessages.unchangedSince(old.size, latestOf(dated)) : historyMessages.unchanged(old.size)
    report.proved(later.name, said)
  }
}

/** Tells the report why not, unless the earlier state is the beginning of the later one. */
async function isBeginning(old: Checkpoint, { name, head, by }: Later, report: ReportBuilder): Promise<boolean> {
  if (old.size === head.size) {
    if (equalHashes(old.root, head.root)) return true
    report.failed(name, historyMessages.rewritten, `two roots for ${old.size} entries`)
    return false
  }
  if (by === undefined) {
    report.unusable(name, historyMessages.proofMissing)
    return false
  }
  if ('log' in by) return await isBeginningOf(old, { name, head, by }, report)
  if (by.oldSize !== old.size) {
    report.unusable(name, historyMessages.otherProof, `${by.oldSize} instead of ${old.size}`)
    return false
  }
  const holds = verifyConsistency(old, head, by.proof)
  if (!holds) report.failed(name, historyMessages.proofFails)
  return holds
}

async function isBeginningOf(
  old: Checkpoint,
  { name, head, by }: { name: string; head: Checkpoint; by: CheckedLog },
  report: ReportBuilder,
): Promise<boolean> {
  try {
    if (verifyConsistency(old, head, await by.log.proofFrom(old.size))) return true
  } catch (error) {
    report.failed(name, historyMessages.notCompared, reasonOf(error))
    return false
  }
  // Damaged tiles do not prove a rewriting; tiles that give the signed root do.
  if (by.isProved) report.failed(name, historyMessages.rewritten, `another root at ${old.size} entries`)
  else report.failed(name, historyMessages.notCompared)
  return false
}
