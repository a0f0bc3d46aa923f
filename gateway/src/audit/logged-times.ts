import { createHash } from 'node:crypto'
import {
  type Checkpoint,
  checkOrder,
  commitmentOf,
  type Envelope,
  equalHashes,
  fromBase64,
  jcsBytes,
  type LoggedTime,
  openCheckpoint,
  parseLeaf,
  ProofError,
  reasonOf,
  type Trust,
  verifyTimestamp,
} from '@socle/schemas'
import type { LogFiles } from './log-files.ts'
import { messages } from './messages.ts'
import type { ReportBuilder } from './report.ts'

/** Beside the log of an export: every token that the log names, one line each, in the order of the log. */
export const timesFile = 'timestamps.ndjson'

/** Bytes of a line. A token is at most 64 KiB, in base64; checkpoint and envelope are small. */
export const maxTimeLine = 131_072

/** One line of the file. What is read is a claim until `verifyLine` has tied it to the log. */
export interface TimeLine {
  /** Of the `ts` entry. */
  readonly index: number
  /** Its envelope and salt, which open the leaf's commitment. */
  readonly envelope: Envelope
  readonly salt: string
  /** The signed note under the token. */
  readonly checkpoint: string
  /** Base64 of the RFC 3161 response. */
  readonly token: string
}

export interface TimesPlace {
  /** Undefined: there is no such file. Iterating may throw, as `linesOf` does. */
  readonly lines: Iterable<string> | undefined
  /** How the report names the file. */
  readonly name: string
  readonly log: LogFiles
  readonly trust: Trust
}

/**
 * Verifies each token: over a checkpoint of this very log, named by its `ts` entry, by a trusted authority, and not
 * before the one before it.
 * @returns what they say; undefined when there is no such file, or one of its lines cannot be relied on
 */
export async function readLoggedTimes(
  place: TimesPlace,
  report: ReportBuilder,
): Promise<readonly LoggedTime[] | undefined> {
  const { lines, name, trust } = place
  const isTrusted = trust.timestampAuthorities.length > 0
  if (lines === undefined || !isTrusted) {
    report.skipped(name, lines === undefined ? messages.timesAbsent : messages.tokenUntrusted)
    return undefined
  }
  const times: LoggedTime[] = []
  let line = 0
  try {
    for (const text of lines) {
      line++
      const time = await verifyLine(text, place)
      const last = times.at(-1)
      if (last !== undefined) {
        if (time.index <= last.index) throw new ProofError('the tokens are not in the order of the log')
        checkOrder(last, time)
      }
      times.push(time)
    }
  } catch (error) {
    report.failed(name, messages.timesBad, `line ${line}: ${reasonOf(error)}`)
    return undefined
  }
  report.proved(name, messages.timesGood(times.length))
  return times
}

async function verifyLine(text: string, { log, trust }: TimesPlace): Promise<LoggedTime> {
  const { index, envelope, salt, checkpoint, token } = parseLine(text)
  const head = openCheckpoint(checkpoint, trust.logs)
  const size = await coveredBy(head, { index, origin: envelope.timestamp?.origin, log })
  const leaf = parseLeaf(Buffer.from(await log.readEntry(index)).toString('utf8'))
  if (leaf.kind !== 'ts' || leaf.commitment !== commitmentOf(fromBase64(salt, 16), jcsBytes(envelope)))
    throw new ProofError(`entry ${index} is another`)
  const der = fromBase64(token)
  const { time, accuracyMs } = verifyTimestamp(der, Buffer.from(checkpoint), trust.timestampAuthorities)
  const said = envelope.timestamp
  const sha256 = createHash('sha256').update(der).digest('hex')
  if (said?.sha256 !== sha256 || said.size !== head.size || said.genTime !== time.toISOString())
    throw new ProofError(`entry ${index} names another token`)
  return { index, size, time, accuracyMs }
}

/**
 * How many entries of this log the checkpoint covers. The end of the log before this one is stamped in this one: the token says
 * that what comes after it here is younger, and covers nothing of this log.
 */
async function coveredBy(
  head: Checkpoint,
  { index, origin, log }: { index: number; origin: string | undefined; log: LogFiles },
): Promise<number> {
  if (head.origin !== (origin ?? log.head.origin)) throw new ProofError('the checkpoint is of another log')
  if (head.origin !== log.head.origin) return 0
  if (head.size > index) throw new ProofError(`entry ${index} stands before the end of the checkpoint it dates`)
  if (!equalHashes(await log.rootAt(head.size), head.root))
    throw new ProofError(`the log had another root at ${head.size} entries`)
  return head.size
}

function parseLine(text: string): TimeLine {
  let line: Partial<TimeLine> | null
  try {
    line = JSON.parse(text) as Partial<TimeLine> | null
  } catch (cause) {
    throw new ProofError('not JSON', { cause })
  }
  const { index, envelope, salt, checkpoint, token } = line ?? {}
  const texts = [salt, checkpoint, token].every((value) => typeof value === 'string')
  if (!texts || !Number.isSafeInteger(index) || typeof envelope !== 'object' || envelope === null)
    throw new ProofError('a member is missing or of another kind')
  return line as TimeLine
}
