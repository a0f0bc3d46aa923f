import { fromBase64, toBase64 } from './base64.ts'
import { parseDecimal } from './checkpoint.ts'
import { maxPathLength } from './merkle-verify.ts'
import type { Hash } from './merkle.ts'
import { maxNoteLength } from './note.ts'
import { ProofError } from './proof-error.ts'

/** A checkpoint with the proof that the log up to an earlier size is the beginning of it. */
export interface Growth {
  readonly oldSize: number
  /** RFC 6962 consistency proof; empty between equal sizes, and from nothing. */
  readonly proof: readonly Hash[]
  /** The later signed note, verbatim. */
  readonly checkpoint: string
}

/** Longer texts are refused unread. In characters. */
const maxGrowthLength = maxNoteLength + 64 * maxPathLength

/** What a log sends its witnesses (C2SP tlog-witness, add-checkpoint): `old` and the size, the hashes, a blank line, the note. */
export function formatGrowth({ oldSize, proof, checkpoint }: Growth): string {
  return [`old ${oldSize}`, ...proof.map(toBase64), '', checkpoint].join('\n')
}

/** @throws ProofError when the text is not written exactly so; whether the proof holds is for `verifyConsistency` */
export function parseGrowth(text: string): Growth {
  if (text.length > maxGrowthLength) throw new ProofError('the consistency proof is too long')
  const separator = text.indexOf('\n\n')
  if (separator < 0) throw new ProofError('the consistency proof has no checkpoint')
  const [first = '', ...lines] = text.slice(0, separator).split('\n')
  const size = /^old (\d+)$/.exec(first)?.[1]
  if (size === undefined) throw new ProofError('the consistency proof does not begin with the old size')
  if (lines.length > maxPathLength) throw new ProofError('the consistency proof is longer than any tree')
  const proof = lines.map((line) => fromBase64(line, 32))
  return { oldSize: parseDecimal(size), proof, checkpoint: text.slice(separator + 2) }
}
