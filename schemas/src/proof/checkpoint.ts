import { fromBase64, toBase64 } from './base64.ts'
import { type Hash, requireSize } from './merkle.ts'
import { type NoteSigner, type NoteVerifier, openNote, parseNote, signNote } from './note.ts'
import { ProofError } from './proof-error.ts'

/** Head of a log at one size (C2SP tlog-checkpoint). */
export interface Checkpoint {
  readonly origin: string
  readonly size: number
  /** RFC 6962 root, 32 bytes. */
  readonly root: Hash
}

/** The three signed lines. */
export function formatCheckpoint({ origin, size, root }: Checkpoint): string {
  requireSize(size)
  return `${origin}\n${size}\n${toBase64(root)}\n`
}

/** The signed note; its origin is the signer's name. */
export function signCheckpoint(signer: NoteSigner, head: { readonly size: number; readonly root: Hash }): string {
  return signNote(formatCheckpoint({ origin: signer.name, size: head.size, root: head.root }), signer)
}

/**
 * Reads the signed lines. Extension lines are refused: no monitor can audit them and this log writes none.
 * @throws ProofError
 */
export function parseCheckpointText(text: string): Checkpoint {
  const [origin, sizeText, rootText, after, ...rest] = text.split('\n')
  if (origin === undefined || sizeText === undefined || rootText === undefined || after !== '' || rest.length > 0) {
    throw new ProofError('a checkpoint has three lines: origin, size, root')
  }
  if (origin === '') throw new ProofError('the checkpoint has no origin')
  return { origin, size: parseDecimal(sizeText), root: fromBase64(rootText, 32) }
}

/**
 * The head of the log, once its own key has signed it: the key's name is the origin, so that a key trusted for
 * one log cannot speak for another.
 * @throws ProofError
 */
export function openCheckpoint(note: string, verifiers: readonly NoteVerifier[]): Checkpoint {
  const { origin } = parseCheckpointText(parseNote(note).text)
  const own = verifiers.filter((verifier) => verifier.name === origin)
  if (own.length === 0) throw new ProofError(`no trusted key for the log ${origin}`)
  return parseCheckpointText(openNote(note, own))
}

/** A decimal number without leading zero. */
export function parseDecimal(text: string): number {
  const value = Number(text)
  if (!/^(?:0|[1-9]\d{0,15})$/.test(text) || !Number.isSafeInteger(value)) {
    throw new ProofError('not a plain decimal number')
  }
  return value
}
