import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { fromBase64, toBase64 } from './base64.ts'
import { sha256 } from './merkle.ts'
import { ProofError } from './proof-error.ts'

/** Bigger notes are refused unread: a checkpoint with sixteen co-signatures stays far below. */
export const maxNoteLength = 65_536
const maxSignatures = 64
const ed25519 = 1
const spkiPrefix = Buffer.from('302a300506032b6570032100', 'hex')

export interface NoteSigner {
  /** Key name; of a log: its origin. */
  readonly name: string
  /** Ed25519 */
  readonly privateKey: KeyObject
}

export interface NoteVerifier {
  readonly name: string
  /** First four bytes of SHA-256(name, newline, signature type, public key), as a number. */
  readonly keyId: number
  readonly publicKey: KeyObject
}

export interface NoteSignature {
  readonly name: string
  readonly keyId: number
  readonly signature: Buffer
}

export interface Note {
  readonly text: string
  readonly signatures: readonly NoteSignature[]
}

/** Key ids already computed: a log signs a note a batch with the same key. */
const knownIds = new WeakMap<KeyObject, { name: string; id: Buffer }>()

/** The whole signed note for a text that ends with a newline. @throws ProofError */
export function signNote(text: string, { name, privateKey }: NoteSigner): string {
  checkText(text)
  let known = knownIds.get(privateKey)
  if (known?.name !== name) {
    const { keyId } = parseVkey(makeVkey(name, createPublicKey(privateKey)))
    known = { name, id: Buffer.alloc(4) }
    known.id.writeUInt32BE(keyId)
    knownIds.set(privateKey, known)
  }
  const signature = sign(undefined, Buffer.from(text), privateKey)
  return `${text}\n— ${name} ${toBase64(Buffer.concat([known.id, signature]))}\n`
}

/** C2SP verifier key: `name+hash+base64(0x01 || public key)`. */
export function makeVkey(name: string, publicKey: KeyObject): string {
  return makeTypedVkey(name, publicKey, ed25519)
}

/** The same for another signature type with Ed25519 keys: witnesses have one of their own. */
export function makeTypedVkey(name: string, publicKey: KeyObject, type: number): string {
  checkName(name)
  if (publicKey.asymmetricKeyType !== 'ed25519') throw new ProofError('a log key is an Ed25519 key')
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(spkiPrefix.length)
  const typed = Buffer.concat([Uint8Array.of(type), raw])
  return `${name}+${idOf(name, typed).toString('hex')}+${toBase64(typed)}`
}

/** @throws ProofError when it is not one Ed25519 verifier key, or its hash does not fit its key */
export function parseVkey(vkey: string): NoteVerifier {
  return parseTypedVkey(vkey, ed25519)
}

/** @throws ProofError when it is not one verifier key of that signature type, or its hash does not fit its key */
export function parseTypedVkey(vkey: string, type: number): NoteVerifier {
  const [name, id, ...rest] = vkey.split('+')
  if (name === undefined || id === undefined || rest.length === 0) throw new ProofError('not a verifier key')
  checkName(name)
  const typed = fromBase64(rest.join('+'), 33)
  if (typed[0] !== type) throw new ProofError(`not a verifier key of signature type ${type}`)
  const expected = idOf(name, typed)
  if (expected.toString('hex') !== id) throw new ProofError('the hash of the verifier key does not fit its key')
  const der = Buffer.concat([spkiPrefix, typed.subarray(1)])
  const publicKey = createPublicKey({ key: der, format: 'der', type: 'spki' })
  return { name, keyId: expected.readUInt32BE(), publicKey }
}

/** @throws ProofError when the note is not written exactly as the signed-note specification says */
export function parseNote(note: string): Note {
  if (note.length > maxNoteLength) throw new ProofError('the note is too long')
  const separator = note.lastIndexOf('\n\n')
  if (separator < 1) throw new ProofError('the note has no blank line before its signatures')
  const text = note.slice(0, separator + 1)
  checkText(text)
  const block = note.slice(separator + 2)
  if (!block.endsWith('\n')) throw new ProofError('the note does not end with a newline')
  const lines = block.slice(0, -1).split('\n')
  if (lines.length > maxSignatures) throw new ProofError('the note has too many signatures')
  return { text, signatures: lines.map(parseSignatureLine) }
}

function parseSignatureLine(line: string): NoteSignature {
  const [dash, name, encoded, ...rest] = line.split(' ')
  if (dash !== '—' || name === undefined || encoded === undefined || rest.length > 0) {
    throw new ProofError('a signature line is malformed')
  }
  checkName(name)
  const bytes = fromBase64(encoded)
  if (bytes.length < 5) throw new ProofError('a signature is too short')
  return { name, keyId: bytes.readUInt32BE(), signature: bytes.subarray(4) }
}

/**
 * The text of a note, once at least one known key has signed it. Signatures of unknown keys are ignored;
 * one bad signature of a known key refuses the whole note.
 * @throws ProofError
 */
export function openNote(note: string, verifiers: readonly NoteVerifier[]): string {
  const { text, signatures } = parseNote(note)
  const bytes = Buffer.from(text)
  let proved = false
  for (const { name, keyId, signature } of signatures) {
    const known = verifiers.find((verifier) => verifier.name === name && verifier.keyId === keyId)
    if (known === undefined) continue
    if (!verify(undefined, bytes, known.publicKey, signature)) {
      throw new ProofError(`the signature of ${name} does not verify`)
    }
    proved = true
  }
  if (!proved) throw new ProofError('no signature comes from a trusted log key')
  return text
}

function idOf(name: string, typedKey: Uint8Array): Buffer {
  return sha256(Buffer.concat([Buffer.from(`${name}\n`), typedKey])).subarray(0, 4)
}

function checkName(name: string): void {
  if (name === '' || /[\s+\u0085\p{Cc}\p{Cs}]/u.test(name)) throw new ProofError('not a key name')
}

function checkText(text: string): void {
  if (!text.endsWith('\n') || text.length < 2) throw new ProofError('a note text ends with a newline')
  // eslint-disable-next-line no-control-regex -- the specification forbids exactly these
  if (/[\u0000-\u0009\u000b-\u001f\p{Cs}]/u.test(text)) throw new ProofError('the note has control characters')
}
