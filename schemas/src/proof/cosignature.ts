import { type KeyObject, verify } from 'node:crypto'
import { parseCheckpointText } from './checkpoint.ts'
import { makeTypedVkey, maxNoteLength, type NoteVerifier, parseNote, parseTypedVkey } from './note.ts'
import { ProofError } from './proof-error.ts'

/** Signature type of C2SP tlog-cosignature, `cosignature/v1`, in a verifier key: no log key can pass for a witness's. */
const cosignatureType = 4
const timeBytes = 8
const signatureBytes = 64

/** What one witness says of a checkpoint: as of that time, it was the largest consistent head of the log that it saw. */
export interface Cosignature {
  readonly witness: NoteVerifier
  /** POSIX seconds, by the witness's clock. */
  readonly time: number
}

/** C2SP verifier key of a witness: `name+hash+base64(0x04 || public key)`. @throws ProofError */
export function parseWitnessKey(vkey: string): NoteVerifier {
  return parseTypedVkey(vkey, cosignatureType)
}

export function makeWitnessKey(name: string, publicKey: KeyObject): string {
  return makeTypedVkey(name, publicKey, cosignatureType)
}

/**
 * The good cosignatures of known witnesses under a checkpoint, each witness once. Lines of unknown keys are passed over, as
 * the specification wants; one bad line of a known key refuses the whole note.
 * @throws ProofError
 */
export function readCosignatures(note: string, witnesses: readonly NoteVerifier[]): readonly Cosignature[] {
  const { text, signatures } = parseNote(note)
  parseCheckpointText(text)
  const found = new Map<NoteVerifier, Cosignature>()
  for (const { name, keyId, signature } of signatures) {
    const witness = witnesses.find((known) => known.name === name && known.keyId === keyId)
    if (!witness) continue
    const time = timeOf(signature, name)
    const message = Buffer.from(`cosignature/v1\ntime ${time}\n${text}`)
    if (!verify(undefined, message, witness.publicKey, signature.subarray(timeBytes)))
      throw new ProofError(`the cosignature of ${name} does not verify`)
    if (!found.has(witness)) found.set(witness, { witness, time })
  }
  return [...found.values()]
}

/** Eight bytes, big-endian, before the signature. Zero makes no statement of time, which a witness of ours must make. */
function timeOf(signature: Buffer, name: string): number {
  if (signature.length !== timeBytes + signatureBytes)
    throw new ProofError(`the cosignature of ${name} does not have ${timeBytes + signatureBytes} bytes`)
  const time = signature.readUInt32BE(0) * 2 ** 32 + signature.readUInt32BE(4)
  if (!Number.isSafeInteger(time) || time === 0) throw new ProofError(`the cosignature of ${name} has no usable time`)
  return time
}

/** The note with more signature lines, as a witness answers them; those already there are not said twice. @throws ProofError */
export function addSignatureLines(note: string, lines: readonly string[]): string {
  const fresh = [...new Set(lines)].filter((line) => !note.includes(`\n${line}\n`))
  const longer = note + fresh.map((line) => `${line}\n`).join('')
  if (longer.length > maxNoteLength) throw new ProofError('the note would be too long')
  parseNote(longer)
  return longer
}

/**
 * The note as the log alone signed it: what time stamps and the hub's own records speak of. Cosignatures come later and in
 * any order, and change nothing of it.
 * @throws ProofError
 */
export function withoutCosignatures(note: string): string {
  const { text } = parseNote(note)
  const [origin] = text.split('\n', 1)
  const own = note
    .slice(text.length + 1)
    .split('\n')
    .filter((line) => line.startsWith(`— ${origin} `))
  return `${text}\n${own.map((line) => `${line}\n`).join('')}`
}
