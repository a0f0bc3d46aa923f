import { addSignatureLines, type Hash, type NoteVerifier, ProofError, readCosignatures } from '@socle/schemas'

/** What the hub shows a witness (C2SP tlog-witness, add-checkpoint). */
export interface Shown {
  /** Size of the log that the witness is thought to have seen last; 0: none. */
  readonly old: number
  /** From there to the checkpoint. */
  readonly proof: readonly Hash[]
  /** The signed note. */
  readonly note: string
}

/** What a witness answers. Everything else (unknown log, no signature of a key it knows, a fault) is thrown. */
export type WitnessAnswer =
  /** Signature lines, as they came: nothing of them is believed yet. */
  | { readonly said: 'cosigned'; readonly lines: readonly string[] }
  /** It has seen the log at that size. */
  | { readonly said: 'conflict'; readonly size: number }
  /** What it has seen of the log does not lead to this checkpoint. */
  | { readonly said: 'refused' }

export interface Witness {
  /** As its verifier key begins, `name+id`: the same in every replica and after every start. */
  readonly id: string
  readonly key: NoteVerifier
  /** One question, one answer, in bounded time. @throws Error that says why there is no usable answer */
  show(shown: Shown, signal: AbortSignal): Promise<WitnessAnswer>
}

/** A cosignature that may be kept. */
export interface GoodCosignature {
  readonly line: string
  /** By the witness's clock. */
  readonly at: Date
}

/** How far a witness's clock may be from ours: it says "as of now", and an old answer played again says nothing of now. */
export const witnessClockMs = 300_000

/**
 * The one line of an answer that its witness signed over this very note, now. Lines of keys that are not the witness's are
 * passed over, as the specification wants.
 * @throws ProofError with the reason when there is none
 */
export function judgeCosignature(
  note: string,
  lines: readonly string[],
  { key, now }: { readonly key: NoteVerifier; readonly now: Date },
): GoodCosignature {
  for (const line of lines) {
    const [good] = readCosignatures(addSignatureLines(note, [line]), [key])
    if (!good) continue
    const at = new Date(good.time * 1_000)
    const driftMs = at.getTime() - now.getTime()
    if (Number.isNaN(driftMs) || Math.abs(driftMs) > witnessClockMs)
      throw new ProofError(`the cosignature is of ${good.time} s, more than ${witnessClockMs} ms from our clock`)
    return { line, at }
  }
  throw new ProofError(`no line of the answer is of ${key.name}`)
}
