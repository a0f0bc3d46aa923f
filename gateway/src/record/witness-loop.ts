import type { Hub } from '../hub.ts'
import { type Lease, underLease } from '../lease.ts'
import { readLastCosigned } from '../store/cosignatures.ts'
import type { Reader } from '../store/database.ts'
import { readHead } from '../store/ledger-rows.ts'
import { readEndsAfter } from '../store/shards.ts'
import { readLastStamped } from '../store/time-tokens.ts'
import { failedWith, seenBy, showTo, type Target } from './witness-round.ts'
import type { Witness } from './witness.ts'

/** How soon news is noticed. */
const lookMs = { follow: 1_000, receipt: 250 } as const

/** After a failure: the next try, at the latest. */
const retryMs = 30_000

/** Has the log watched from outside until the signal, by one replica at a time; nothing where nobody watches. */
export async function gatherCosignatures(hub: Hub, signal: AbortSignal): Promise<void> {
  if (hub.witnesses.length > 0) await underLease(hub, 'witnesses', signal, followAll)
}

/** Each by itself: a slow one must not hold the others back. */
async function followAll(hub: Hub, lease: Lease, signal: AbortSignal): Promise<void> {
  await Promise.all(hub.witnesses.map(async (witness) => await follow(hub, witness, { lease, signal })))
}

/** What a witness has seen, as far as we know: a witness keeps a size for each log, and a new half-year is a new log. */
interface Seen {
  readonly origin: string
  readonly size: number
}

/**
 * Shows one witness each stamped checkpoint at once, the head every few minutes where none is stamped, and in the mode
 * `receipt` every head. A witness that fails is asked again later and stops nothing else.
 */
async function follow(
  hub: Hub,
  witness: Witness,
  { lease, signal }: { readonly lease: Lease; readonly signal: AbortSignal },
): Promise<void> {
  const { everyMs, mode } = hub.config.servers.watch
  let seen: Seen | undefined
  let shownAt = Number.NEGATIVE_INFINITY
  while (lease.held() && !signal.aborted) {
    try {
      seen ??= await lastSeen(hub, witness)
      const isTime = mode === 'receipt' || performance.now() - shownAt >= everyMs
      const target = await dueFor(hub, { seen, isTime })
      if (target && lease.held()) {
        const origin = originOf(target.note)
        const size = seen?.origin === origin ? seen.size : await seenBy(hub, witness, origin)
        seen = { origin, size: await showTo(hub, witness, target, { seen: size, signal }) }
        // Behind the end of one log the next waits already.
        if (origin === hub.config.logOrigin) shownAt = performance.now()
      }
    } catch (error) {
      if (signal.aborted) return
      failedWith(hub, witness, error)
      await hub.pause(Math.min(everyMs, retryMs), signal)
    }
    await hub.pause(lookMs[mode], signal)
  }
}

/** What it cosigned last, of whichever log; undefined: nothing yet. */
async function lastSeen({ store }: Pick<Hub, 'store'>, { id }: Witness): Promise<Seen | undefined> {
  const note = await readLastCosigned(store.reader, id)
  return note === undefined ? undefined : { origin: originOf(note), size: sizeIn(note) }
}

/**
 * Of a log that ended, its last checkpoint, before anything of the next one. Then the stamped checkpoint: evidence leads to
 * that one, and a witness never goes back to it.
 */
async function dueFor(
  { store }: Pick<Hub, 'store'>,
  { seen, isTime }: { readonly seen: Seen | undefined; readonly isTime: boolean },
): Promise<Target | undefined> {
  const head = await readHead(store.reader)
  if (!head || head.size === 0) return undefined
  const origin = originOf(head.checkpoint)
  const isAnew = seen?.origin !== origin
  const end = seen && isAnew ? await endOf(store.reader, seen) : undefined
  if (end) return end
  const size = isAnew ? -1 : (seen?.size ?? -1)
  if (sizeIn(head.checkpoint) <= size) return undefined
  const stamped = await readLastStamped(store.reader)
  if (stamped && originOf(stamped.note) === origin && sizeIn(stamped.note) > size) return stamped
  return isTime ? { size: head.size, note: head.checkpoint } : undefined
}

/** The last checkpoint of a log that the witness has not seen to its end. */
async function endOf(reader: Reader, { origin, size }: Seen): Promise<Target | undefined> {
  return (await readEndsAfter(reader, 0)).find(({ note }) => originOf(note) === origin && sizeIn(note) > size)
}

function originOf(note: string): string {
  return note.split('\n', 1)[0] ?? ''
}

/** The log's own size: second line of the note. */
function sizeIn(note: string): number {
  return Number(note.split('\n', 2)[1])
}
