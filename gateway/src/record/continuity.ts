import { ProofError } from '@socle/schemas'
import { HubError } from '../errors.ts'
import type { Hub } from '../hub.ts'
import { seldom } from '../seldom.ts'
import { readHead } from '../store/ledger-rows.ts'
import type { Range } from '../store/losses.ts'
import { lossAmong, witnessesOf, witnessOf } from './later-log.ts'
import { readLastCheckpoint, writeLastCheckpoint } from './last-checkpoint.ts'

/**
 * Whether the ledger still has everything that was ever given out, as far as anybody told this hub. A database that was
 * restored from an old copy, or a standby that lagged behind, verifies by itself: only whoever remembers a later log sees
 * it. Three do: this process, the file `last-checkpoint` of its data directory, and the topics (`hub-seq`, `hub-leaf`).
 * Numbers given twice would be two logs of one name, so a hub that finds itself behind appends nothing: it reads only.
 */
export interface Continuity {
  /** What is missing; undefined while nothing is known to be. */
  readonly missing: Range | undefined
  /** Aborted once something is: the loops end. */
  readonly broken: AbortSignal
  /** @throws HubError LEDGER_BEHIND */
  requireWhole(): void
  /** Compares with the file, before anything is appended. One that our key did not sign is reported and passed over. */
  compareWithFile(): Promise<void>
  /** Compares with the topics. Rejects when the bus does not answer. */
  compareWithBus(): Promise<void>
  /** Resolves when the topics were compared, or at the signal: until then nothing may be published. */
  busCompared(signal: AbortSignal): Promise<void>
  /** Keeps the head in mind, and in the file, until the signal; asks the bus again while it does not answer, and says why. */
  watch(signal: AbortSignal): Promise<void>
  /** Writes the head in the file, once. Of a ledger that is behind: nothing, so that it stays known. */
  remember(): Promise<void>
}

type Needs = Pick<Hub, 'config' | 'keys' | 'store' | 'bus' | 'events' | 'pause'>

/** What a power cut may take from this witness: seconds, for each writing is a flush beside those of the deposits. */
const everyMs = 5_000

/** While the bus does not answer, nothing is published: the reason is told again this often. */
const reportMs = 60_000

/** Somebody has to act: there is no use in asking often. */
const retryAfterSeconds = 300

export function createContinuity(hub: Needs): Continuity {
  const { reader } = hub.store
  const { dataDirectory, logOrigin } = hub.config
  const broken = new AbortController()
  const compared = new AbortController()
  let missing: Range | undefined
  let known = { size: 0, note: '' }
  let written = ''

  function lose(range: Range | undefined): void {
    if (!range) return
    missing = missing ? { from: Math.min(missing.from, range.from), to: Math.max(missing.to, range.to) } : range
    broken.abort()
    hub.events.failed('ledger-behind', new Error(`entries ${rangeText(missing)} were given out and are not there`))
  }

  /** Not by the size alone: another replica may have gone on already on a ledger that is not the one we saw. */
  async function look(): Promise<void> {
    if (missing) return
    if (known.size > 0) lose(await lossAmong(reader, [witnessOf(reader, known.note, hub.keys.log.vkey)]))
    if (missing) return
    const head = await readHead(reader)
    if (head) known = { size: head.size, note: head.checkpoint }
    if (known.note === written) return
    await writeLastCheckpoint(dataDirectory, known.note)
    written = known.note
  }

  async function compareWithBus(): Promise<void> {
    lose(await lossAmong(reader, witnessesOf(reader, await hub.bus.tails(), `//${logOrigin}`)))
    compared.abort()
  }

  return {
    get missing() {
      return missing
    },
    broken: broken.signal,
    requireWhole() {
      if (missing) throw new HubError('LEDGER_BEHIND', { value: rangeText(missing), retryAfterSeconds })
    },
    async compareWithFile() {
      const note = await readLastCheckpoint(dataDirectory)
      if (note === undefined || note.split('\n', 1)[0] !== logOrigin) return
      try {
        lose(await lossAmong(reader, [witnessOf(reader, note, hub.keys.log.vkey)]))
      } catch (error) {
        if (!(error instanceof ProofError)) throw error
        hub.events.failed('last-checkpoint', error)
      }
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
