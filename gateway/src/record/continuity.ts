import { HubError } from '../errors.ts'
import type { Hub } from '../hub.ts'
import { seldom } from '../seldom.ts'
import { readHead } from '../store/ledger-rows.ts'
import type { Range } from '../store/losses.ts'
import { createKeptNotes } from './kept-notes.ts'
import { writeLastStamped } from './last-checkpoint.ts'
import { lossAmong, memoriesOf, type Memory, memoryOf } from './later-log.ts'

/**
 * Whether the ledger still has everything that was ever given out, as far as anybody told this hub. A database that was
 * restored from an old copy, or a standby that lagged behind, verifies by itself: only whoever remembers a later log sees
 * it. Five do: this process, the files `last-checkpoint` and `last-stamped` of its data directory, the topics (`hub-seq`,
 * `hub-leaf`), and the witnesses (`witness-round.ts`).
 * Numbers given twice would be two logs of one name, so a hub that finds itself behind appends nothing: it reads only.
 */
export interface Continuity {
  /** What is missing; undefined while nothing is known to be. */
  readonly missing: Range | undefined
  /** Aborted once something is: the loops end. */
  readonly broken: AbortSignal
  /** @throws HubError LEDGER_BEHIND */
  requireWhole(): void
  /** Compares with the files, before anything is appended. One that our key did not sign is reported and passed over. */
  compareWithFile(): Promise<void>
  /** Compares with the topics. Rejects when the bus does not answer. */
  compareWithBus(): Promise<void>
  /** Compares with what somebody else remembers. @returns whether something is missing by it */
  hear(memory: Memory): Promise<boolean>
  /**
   * Before a checkpoint leaves the hub other than in a receipt (published, shown to a witness, stamped): the head kept apart
   * from the store is on disk at that size or a larger one, and our ledger goes on from what it said before.
   * @throws HubError LEDGER_BEHIND
   */
  publishing(note: string): Promise<void>
  /** Keeps a stamped checkpoint and its token apart from the store. */
  keepStamped(note: string, token: Uint8Array): Promise<void>
  /** Resolves when the topics were compared, or at the signal: until then nothing may be published. */
  busCompared(signal: AbortSignal): Promise<void>
  /** Keeps the head in mind, and in the file, until the signal; asks the bus again while it does not answer, and says why. */
  watch(signal: AbortSignal): Promise<void>
  /** Writes the head in the file, once. Of a ledger that is behind: nothing, so that it stays known. */
  remember(): Promise<void>
}

type Needs = Pick<Hub, 'config' | 'keys' | 'store' | 'ledger' | 'bus' | 'events' | 'pause'>

/** What a power cut may take from this witness: seconds, for each writing is a flush beside those of the deposits. */
const everyMs = 5_000

/** While the bus does not answer, nothing is published: the reason is told again this often. */
const reportMs = 60_000

/** Somebody has to act: there is no use in asking often. */
const retryAfterSeconds = 300

export function createContinuity(hub: Needs): Continuity {
  const { reader } = hub.store
  const { dataDirectory } = hub.config
  const log = { vkey: hub.keys.log.vkey, first: hub.ledger.first }
  const broken = new AbortController()
  const compared = new AbortController()
  let missing: Range | undefined
  let known = { size: 0, note: '' }

  function lose(range: Range | undefined): boolean {
    if (!range) return false
    missing = missing ? { from: Math.min(missing.from, range.from), to: Math.max(missing.to, range.to) } : range
    broken.abort()
    hub.events.failed('ledger-behind', new Error(`entries ${rangeText(missing)} were given out and are not there`))
    return true
  }

  const hear = async (memory: Memory): Promise<boolean> => lose(await lossAmong(reader, [memory]))
  const kept = createKeptNotes(hub, hear)

  /** Not by the size alone: another replica may have gone on already on a ledger that is not the one we saw. */
  async function look(): Promise<void> {
    if (missing || (known.size > 0 && (await hear(memoryOf(reader, known.note, log))))) return
    const head = await readHead(reader)
    // A log of ours that was handed over is the next one's to remember, once we are restarted.
    if (!head || head.size === 0 || !kept.isOfOurLog(head.checkpoint)) return
    known = { size: head.size, note: head.checkpoint }
    await kept.reach(known.note)
  }

  function requireWhole(): void {
    if (missing) throw new HubError('LEDGER_BEHIND', { value: rangeText(missing), retryAfterSeconds })
  }

  async function compareWithBus(): Promise<void> {
    lose(await lossAmong(reader, memoriesOf(reader, await hub.bus.tails(), `//${hub.ledger.name}`)))
    compared.abort()
  }

  return {
    get missing() {
      return missing
    },
    broken: broken.signal,
    requireWhole,
    compareWithFile: async () => await kept.compare(),
    hear,
    async publishing(note) {
      requireWhole()
      // The last checkpoint of a log before ours is shown to authorities and witnesses too: the file is about ours.
      if (kept.isOfOurLog(note) && !(await kept.reach(note))) requireWhole()
    },
    async keepStamped(note, token) {
      if (!missing) await writeLastStamped(dataDirectory, note, token)
    },
    compareWithBus,
    busCompared: async (signal) => await either(compared.signal, signal),
    async watch(signal) {
      // Beside each other: a bus that hangs must not keep the head from being kept in mind.
      await Promise.all([
        // The store being away is told by whoever needs it.
        again(hub, signal, look, () => undefined),
        untilCompared(hub, signal, compared.signal, compareWithBus),
      ])
    },
    remember: look,
  }
}

async function again(
  { pause }: Pick<Hub, 'pause'>,
  signal: AbortSignal,
  work: () => Promise<void>,
  onFailure: (error: unknown) => unknown,
): Promise<void> {
  while (!signal.aborted) {
    await work().catch(onFailure)
    await pause(everyMs, signal)
  }
}

/** Nobody waits at the stop for an answer that does not come. */
async function untilCompared(
  hub: Pick<Hub, 'pause' | 'events'>,
  signal: AbortSignal,
  compared: AbortSignal,
  compare: () => Promise<void>,
): Promise<void> {
  const unread = seldom(reportMs, (error: unknown) => hub.events.failed('kafka', error))
  const asking = again(hub, AbortSignal.any([signal, compared]), compare, (error) => signal.aborted || unread(error))
  await Promise.race([asking, either(signal, compared)])
}

/** As people write it: both ends included. */
export function rangeText({ from, to }: Range): string {
  return to - from === 1 ? String(from) : `${from}–${to - 1}`
}

async function either(one: AbortSignal, other: AbortSignal): Promise<void> {
  const any = AbortSignal.any([one, other])
  if (!any.aborted) await new Promise((resolve) => any.addEventListener('abort', resolve, { once: true }))
}
