import { type NoteVerifier, parseWitnessKey, reasonOf } from '@socle/schemas'
import { type Env, integer, list, oneOf } from './config-values.ts'

/** Who watches the log from outside, and what the hub does with what they say. */
export interface WitnessSettings {
  readonly witnesses: readonly WitnessPlace[]
  /** How many of them make a checkpoint witnessed. */
  readonly quorum: number
  /** `receipt`: every head goes to them at once, and receipts asked for later hold a quorum. `follow`: as below only. */
  readonly mode: 'follow' | 'receipt'
  /** The longest that a head waits to be shown to them; a stamped one goes at once. */
  readonly everyMs: number
  /** The longest that one answer may take. */
  readonly timeoutMs: number
}

export interface WitnessPlace {
  /** Submission prefix of C2SP tlog-witness, without a slash at the end. */
  readonly url: string
  readonly vkey: string
  readonly key: NoteVerifier
}

export const witnessSettings = [
  'HUB_WITNESSES',
  'HUB_WITNESS_QUORUM',
  'HUB_WITNESS_MODE',
  'HUB_WITNESS_EVERY',
  'HUB_WITNESS_TIMEOUT_MS',
] as const

/** A note with more lines would soon be too long for others. */
const maxWitnesses = 16

export function readWitnesses(env: Env, problems: string[]): WitnessSettings {
  const witnesses = list(env, 'HUB_WITNESSES').flatMap((text) => readPlace(text, problems))
  if (witnesses.length > maxWitnesses) problems.push(`HUB_WITNESSES must be at most ${maxWitnesses}`)
  const isTwice = ({ key }: WitnessPlace, at: number): boolean =>
    witnesses.some((other, before) => before < at && other.key.publicKey.equals(key.publicKey))
  if (witnesses.some(isTwice)) problems.push('HUB_WITNESSES must not name a key twice')
  const count = Math.max(1, witnesses.length)
  const quorum = integer(env, 'HUB_WITNESS_QUORUM', [Math.floor(witnesses.length / 2) + 1, 1, count], problems)
  const mode = oneOf(env, 'HUB_WITNESS_MODE', ['follow', 'receipt'], problems)
  if (mode === 'receipt' && witnesses.length === 0)
    problems.push('HUB_WITNESS_MODE=receipt is of no use without HUB_WITNESSES')
  return {
    witnesses,
    quorum,
    mode,
    everyMs: 1_000 * integer(env, 'HUB_WITNESS_EVERY', [300, 1, 86_400], problems),
    timeoutMs: integer(env, 'HUB_WITNESS_TIMEOUT_MS', [5_000, 100, 60_000], problems),
  }
}

/** `URL VKEY`. An address may carry a password: it is never repeated. */
function readPlace(text: string, problems: string[]): readonly WitnessPlace[] {
  const [url = '', vkey = '', ...rest] = text.split(/\s+/)
  if (rest.length > 0 || !URL.canParse(url) || !['http:', 'https:'].includes(new URL(url).protocol)) {
    problems.push('HUB_WITNESSES must be an http or https address, a blank and a verifier key, comma-separated')
    return []
  }
  try {
    return [{ url: url.replace(/\/+$/, ''), vkey, key: parseWitnessKey(vkey) }]
  } catch (error) {
    problems.push(`HUB_WITNESSES: ${vkey.slice(0, 200)}: ${reasonOf(error)}`)
    return []
  }
}
