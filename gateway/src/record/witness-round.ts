import { emptyRoot, parseCheckpointText, parseNote, signCheckpoint } from '@socle/schemas'
import type { Hub } from '../hub.ts'
import { keepCosignature, readLastCosigned } from '../store/cosignatures.ts'
import { readHead } from '../store/ledger-rows.ts'
import { readConsistencyProof } from './consistency.ts'
import { judgeCosignature, type Shown, type Witness, type WitnessAnswer } from './witness.ts'

export type WitnessNeeds = Pick<Hub, 'store' | 'continuity' | 'clock' | 'events' | 'witnesses' | 'keys'>

/** A checkpoint of the store. */
export interface Target {
  /** In the hub's own count, as the row has it; the note says the log's. */
  readonly size: number
  readonly note: string
}

export interface Exchange {
  /** Size of the log that the witness saw last, as far as we know. */
  readonly seen: number
  readonly signal: AbortSignal
}

/** A witness whose size changes each time it is asked is not followed for ever. */
const tries = 4

/**
 * Shows one checkpoint to one witness and keeps its cosignature. Where it has seen more or less of the log than we thought,
 * its own word is taken for where to start. What it has seen and our log has not, or has otherwise, is the alarm this is
 * for: the hub appends nothing more (`continuity`).
 * A crash between its answer and our row loses a signature that is had again by asking from the size it says.
 * @returns size that the witness has seen now
 * @throws Error when it gave no usable answer
 */
export async function showTo(hub: WitnessNeeds, witness: Witness, target: Target, exchange: Exchange): Promise<number> {
  const head = parseCheckpointText(parseNote(target.note).text)
  // A ledger that is behind is shown too: how far behind, the witness may know better than whoever told it first.
  if (!hub.continuity.missing) await hub.continuity.publishing(target.note)
  let old = exchange.seen
  for (let tried = 0; tried < tries; tried++) {
    if (old > head.size) return old
    const proof = await readConsistencyProof(hub.store.reader, old, head, target.size - head.size)
    const shown: Shown = { old, proof, note: target.note }
    const answer = await witness.show(shown, exchange.signal)
    if (answer.said === 'cosigned') {
      await keep(hub, witness, target, answer.lines)
      return head.size
    }
    if (isContradiction(answer, shown, head.size)) throw await contradicted(hub, witness, { target, logSize: old })
    old = answer.said === 'conflict' ? answer.size : old
    if (old > head.size) await overtaken(hub, witness, { target, logSize: old })
  }
  throw new Error(`${witness.key.name} says another size each time`)
}

/**
 * "Your proof does not lead from what I saw", or "I saw another root of this very size". The proof is good, for it was
 * checked here: then it saw another log.
 * @throws Error when the answer makes no sense
 */
function isContradiction(answer: WitnessAnswer, { old }: Shown, size: number): boolean {
  if (answer.said === 'refused' && old > 0) return true
  if (answer.said === 'refused') throw new Error('it refuses a log of which it says to have seen nothing')
  if (answer.said !== 'conflict' || answer.size !== old) return false
  if (old === size && old > 0) return true
  throw new Error(`it says that it has seen ${old}, which is what it was told`)
}

interface Claim {
  readonly target: Target
  /** Size of the log, in its own count, that the witness says to have seen. */
  readonly logSize: number
}

/** The hub's own count of it: a log begins somewhere in it. */
function globalSize({ target, logSize }: Claim): number {
  return target.size - parseCheckpointText(parseNote(target.note).text).size + logSize
}

async function contradicted(hub: WitnessNeeds, { key }: Witness, claim: Claim): Promise<Error> {
  const isLoss = await hub.continuity.hear({ size: globalSize(claim), fits: async () => await Promise.resolve(false) })
  const reason = isLoss
    ? `${key.name} has seen another log of this name at size ${claim.logSize}: two logs were signed with this key`
    : `${key.name} keeps to the log that was lost at size ${claim.logSize}: it will cosign nothing of this one`
  return new Error(reason)
}

/** Another replica may have gone on and shown more: the head is read again before anything is said. */
async function overtaken(hub: WitnessNeeds, { key }: Witness, claim: Claim): Promise<void> {
  const isLoss = await hub.continuity.hear({ size: globalSize(claim), fits: async () => await Promise.resolve(true) })
  if (isLoss) throw new Error(`${key.name} has seen the log at size ${claim.logSize}, and ours is shorter`)
}

async function keep(hub: WitnessNeeds, witness: Witness, target: Target, lines: readonly string[]): Promise<void> {
  const { line, at } = judgeCosignature(target.note, lines, { key: witness.key, now: hub.clock() })
  // An empty log has no checkpoint to keep it with.
  if (target.size === 0) return
  const row = { size: target.size, witness: witness.id, at: at.toISOString(), line }
  await keepCosignature(hub.store.writer, row)
  hub.events.cosigned(witness.key.name, target.size)
}

/** Size of the log of that name that a witness cosigned for us last; 0: never. */
export async function seenBy({ store }: Pick<Hub, 'store'>, { id }: Witness, origin: string): Promise<number> {
  const note = await readLastCosigned(store.reader, id)
  if (note === undefined) return 0
  const last = parseCheckpointText(parseNote(note).text)
  return last.origin === origin ? last.size : 0
}

/**
 * Shows every witness the head, once: before a hub that starts gives out anything new, it hears whether one of them knows
 * more of the log. Also of an empty ledger, which may be all that is left of a long one: for that the empty head is signed,
 * which says nothing. A witness that is away is told of and passed over; it is heard when it is back.
 * @returns names of those that did not cosign, whatever the reason
 */
export async function compareWithWitnesses(hub: WitnessNeeds, signal: AbortSignal): Promise<readonly string[]> {
  if (hub.witnesses.length === 0) return []
  const head = await readHead(hub.store.reader)
  const { origin: name, privateKey } = hub.keys.log
  const target =
    head && head.size > 0
      ? { size: head.size, note: head.checkpoint }
      : { size: 0, note: signCheckpoint({ name, privateKey }, { size: 0, root: emptyRoot() }) }
  const ask = async (witness: Witness): Promise<readonly string[]> => {
    try {
      await showTo(hub, witness, target, { seen: await seenBy(hub, witness, name), signal })
      return []
    } catch (error) {
      failedWith(hub, witness, error)
      return [witness.key.name]
    }
  }
  return (await Promise.all(hub.witnesses.map(ask))).flat()
}

export function failedWith({ events }: Pick<Hub, 'events'>, { key }: Witness, cause: unknown): void {
  events.failed('witness', new Error(`${key.name} did not cosign`, { cause }))
}
