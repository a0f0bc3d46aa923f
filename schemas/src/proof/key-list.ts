import { createHash, type X509Certificate } from 'node:crypto'
import { parseCheckpointText } from './checkpoint.ts'
import { jcs } from './jcs.ts'
import { makeVkey, type NoteSigner, type NoteVerifier, openNote, parseNote, signNote } from './note.ts'
import { ProofError } from './proof-error.ts'

/** First line of the list: no checkpoint and no other note begins like it. */
export const keyListFormat = 'socle-keys/v1'
/** A signed note of 64 KiB ends before. */
const maxKeys = 256

/** One key that the hub uses, used, or will use. */
export interface KeyRecord {
  readonly purpose: 'log' | 'seal' | 'timestamp' | 'storage'
  /** SHA-256, hexadecimal: of the certificate (seal, timestamp), of the verifier key's line (log), of the key's id (storage). */
  readonly id: string
  /** Verifier key of a log. */
  readonly vkey?: string
  /** UTC instants between which it signs; absent: not limited on that side as far as the list knows. */
  readonly from?: string
  readonly to?: string
  readonly replacedBy?: string
  /** What is not proved to have been there before that instant does not count. */
  readonly revokedAt?: string
  /** A reason of RFC 5280: `keyCompromise`, `superseded`… */
  readonly reason?: string
}

/** Every key ever used, as the log's operator says at one moment. */
export interface KeyList {
  /** Name of the log whose key signs the list. */
  readonly origin: string
  readonly issued: Date
  readonly keys: readonly KeyRecord[]
}

/** Id of a certificate in the list. */
export function certificateId(certificate: Pick<X509Certificate, 'raw'>): string {
  return createHash('sha256').update(certificate.raw).digest('hex')
}

/** Id of a log's verifier key in the list. */
export function logKeyId(vkey: string): string {
  return createHash('sha256').update(vkey).digest('hex')
}

/** The signed lines: format, origin, time, then each key as RFC 8785 JSON. @throws ProofError when a member has not its form */
export function formatKeyList({ origin, issued, keys }: KeyList): string {
  keys.forEach(checkRecord)
  if (keys.length > maxKeys) throw new ProofError(`more than ${maxKeys} keys`)
  return [keyListFormat, origin, issued.toISOString(), ...keys.map((key) => jcs({ ...key })), ''].join('\n')
}

/** A C2SP signed note under the log's own key. @throws ProofError */
export function signKeyList(list: Omit<KeyList, 'origin'>, signer: NoteSigner): string {
  return signNote(formatKeyList({ ...list, origin: signer.name }), signer)
}

/**
 * Reads a list that a trusted log key signed, and that it does not itself call revoked.
 * @throws ProofError
 */
export function openKeyList(note: string, logs: readonly NoteVerifier[]): KeyList {
  const origin = parseNote(note).text.split('\n', 2)[1] ?? ''
  const own = logs.filter(({ name }) => name === origin)
  if (own.length === 0) throw new ProofError(`no trusted key for the log ${origin}`)
  const list = parseKeyListText(openNote(note, own))
  const vouches = own.some((verifier) => {
    const record = recordOf(list, 'log', idOfLog(verifier))
    return record?.revokedAt === undefined && isSignedBy(note, verifier)
  })
  if (!vouches) throw new ProofError('the list of keys is signed by a key that it calls revoked')
  return list
}

function isSignedBy(note: string, verifier: NoteVerifier): boolean {
  return parseNote(note).signatures.some(({ name, keyId }) => name === verifier.name && keyId === verifier.keyId)
}

function parseKeyListText(text: string): KeyList {
  const [format, origin, issued, ...lines] = text.split('\n')
  if (format !== keyListFormat || origin === undefined || issued === undefined || lines.pop() !== '')
    throw new ProofError('not a list of keys')
  if (lines.length > maxKeys) throw new ProofError(`more than ${maxKeys} keys`)
  const list = { origin, issued: new Date(instant(issued)), keys: lines.map(parseRecord) }
  const ids = new Set(list.keys.map(({ purpose, id }) => `${purpose} ${id}`))
  if (ids.size !== list.keys.length) throw new ProofError('the list names a key twice')
  return list
}

function parseRecord(line: string): KeyRecord {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    throw new ProofError('a line of the list of keys is not JSON')
  }
  if (typeof value !== 'object' || value === null) throw new ProofError('a line of the list of keys is no object')
  const record = value as KeyRecord
  checkRecord(record)
  if (jcs({ ...record }) !== line) throw new ProofError('a line of the list of keys is not in its canonical form')
  return record
}

const forms: Readonly<Record<keyof KeyRecord, (value: unknown) => boolean>> = {
  purpose: (value) => ['log', 'seal', 'timestamp', 'storage'].includes(String(value)),
  id: isDigest,
  vkey: (value) => typeof value === 'string' && value.length <= 400,
  from: isInstant,
  to: isInstant,
  replacedBy: isDigest,
  revokedAt: isInstant,
  reason: (value) => typeof value === 'string' && /^[a-zA-Z]{1,40}$/.test(value),
}

function checkRecord(record: KeyRecord): void {
  for (const [name, value] of Object.entries(record)) {
    const form = Object.hasOwn(forms, name) ? forms[name as keyof KeyRecord] : undefined
    if (!form?.(value)) throw new ProofError(`a key's ${name.slice(0, 40)} is malformed`)
  }
  if (record.purpose === undefined || record.id === undefined) throw new ProofError('a key has no purpose or no id')
  if (
    (record.purpose === 'log') !== (record.vkey !== undefined) ||
    (record.vkey && logKeyId(record.vkey) !== record.id)
  )
    throw new ProofError('log keys, and only they, come with their verifier key')
}

function isDigest(value: unknown): boolean {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)
}

function isInstant(value: unknown): boolean {
  return typeof value === 'string' && !Number.isNaN(Date.parse(value)) && new Date(value).toISOString() === value
}

function instant(text: string): string {
  if (!isInstant(text)) throw new ProofError('the time of the list of keys is malformed')
  return text
}

function recordOf({ keys }: KeyList, purpose: KeyRecord['purpose'], id: string): KeyRecord | undefined {
  return keys.find((key) => key.purpose === purpose && key.id === id)
}

function idOfLog({ name, publicKey }: NoteVerifier): string {
  return logKeyId(makeVkey(name, publicKey))
}

/**
 * Whether a seal by this certificate counts.
 * @param provenTime the latest moment at which the seal is proved to have been there, by an outside clock (a timestamp's
 *   time and its accuracy added); undefined: nothing proves when
 * @param signedAt when the seal says it was made
 * @throws ProofError with the reason: unknown to the list, outside its time, or revoked without proof of an earlier time
 */
export function checkKeyAt(
  list: KeyList,
  certificate: Pick<X509Certificate, 'raw'>,
  provenTime: Date | undefined,
  signedAt?: Date,
): void {
  const record = recordOf(list, 'seal', certificateId(certificate))
  if (record === undefined)
    throw new ProofError(`the list of keys of ${list.issued.toISOString()} does not name the seal certificate`)
  checkUse(record, provenTime, signedAt)
}

/**
 * The same for the log key that signed a checkpoint: one of the trusted keys of its origin, that the list names and that
 * counts.
 * @param text the checkpoint, a signed note
 * @throws ProofError
 */
export function checkLogKeyAt(
  list: KeyList,
  text: string,
  logs: readonly NoteVerifier[],
  provenTime: Date | undefined,
): void {
  const { origin } = parseCheckpointText(parseNote(text).text)
  const signers = logs.filter((verifier) => verifier.name === origin && isSignedBy(text, verifier))
  if (signers.length === 0) throw new ProofError(`no trusted key for the log ${origin}`)
  const records = signers.flatMap((verifier) => recordOf(list, 'log', idOfLog(verifier)) ?? [])
  const [first] = records
  if (first === undefined)
    throw new ProofError(`the list of keys of ${list.issued.toISOString()} does not name the key of the log ${origin}`)
  const good = records.find(({ revokedAt }) => revokedAt === undefined) ?? first
  checkUse(good, provenTime, undefined)
}

function checkUse(record: KeyRecord, provenTime: Date | undefined, signedAt: Date | undefined): void {
  const { from, to, revokedAt, reason, purpose } = record
  const what = purpose === 'seal' ? 'the seal certificate' : 'the log key'
  if (revokedAt !== undefined && !(provenTime !== undefined && provenTime.getTime() < Date.parse(revokedAt)))
    throw new ProofError(
      `${what} was revoked as of ${revokedAt} (${reason ?? 'unspecified'}), and no timestamp proves that this was there before`,
    )
  if (signedAt === undefined) return
  // Seals are dated to the second.
  const early = from !== undefined && signedAt.getTime() < Math.floor(Date.parse(from) / 1_000) * 1_000
  const late = to !== undefined && signedAt.getTime() > Date.parse(to)
  if (early || late)
    throw new ProofError(
      `${what} seals from ${from ?? 'any time'} to ${to ?? 'any time'}, not at ${signedAt.toISOString()}`,
    )
}
