import { fromBase64 } from './base64.ts'
import { parseDecimal } from './checkpoint.ts'
import { maxPathLength } from './merkle-verify.ts'
import { maxNoteLength } from './note.ts'
import { ProofError } from './proof-error.ts'

const header = 'c2sp.org/tlog-proof@v1'

/** C2SP tlog-proof: one leaf's place, its inclusion path, and the checkpoint that closes it. */
export interface TlogProof {
  readonly index: number
  /** Base64 hashes, sibling of the leaf first. */
  readonly path: readonly string[]
  /** The signed note, verbatim. */
  readonly checkpoint: string
}

export function formatTlogProof({ index, path, checkpoint }: TlogProof): string {
  return [header, `index ${index}`, ...path, '', checkpoint].join('\n')
}

/**
 * Reads a proof; an `extra` line is refused, because it is authenticated by nothing and this hub writes none.
 * @throws ProofError
 */
export function parseTlogProof(text: string): TlogProof {
  if (text.length > maxNoteLength + 64 * maxPathLength) throw new ProofError('the proof file is too long')
  const separator = text.indexOf('\n\n')
  if (separator < 0) throw new ProofError('the proof file has no checkpoint')
  const [first, second, ...path] = text.slice(0, separator).split('\n')
  if (first !== header) throw new ProofError(`the proof file does not begin with ${header}`)
  const index = /^index (\d+)$/.exec(second ?? '')?.[1]
  if (index === undefined) throw new ProofError('the proof file has no index line')
  if (path.length > maxPathLength) throw new ProofError('the inclusion path is longer than any tree')
  for (const line of path) fromBase64(line, 32)
  return { index: parseDecimal(index), path, checkpoint: text.slice(separator + 2) }
}
