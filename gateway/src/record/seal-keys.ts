import { certificateId } from '@socle/schemas'
import type { SealCode } from '../error-codes.ts'
import type { Hub } from '../hub.ts'
import type { CertifiedKey } from '../keys/certified-key.ts'
import { type KeyLog, revocationOf, sealKeyAt } from './key-log.ts'
import type { RevocationWatch } from './revocation-watch.ts'
import { type PreparedSeal, prepareSeal } from './seal.ts'

/** Why nothing may be sealed: a refusal of the catalogue, and the reason in words for operators. */
export interface SealRefusal {
  readonly code: SealCode
  readonly reason: string
}

/** The key whose turn it is. */
export interface SealState {
  /** SHA-256 of its certificate, hexadecimal. */
  readonly certificate: string
  /** When it, or an issuer above it, ends; undefined when the key is not there. */
  readonly until: Date | undefined
  /** When its revocation list should have been renewed; undefined without one. */
  readonly listUntil: Date | undefined
  readonly refusal: SealRefusal | undefined
}

/**
 * Seals documents under the key whose turn it is. The log says whose (`seal-rotated`), so that all replicas change at the
 * same instant; the key directory holds the keys.
 */
export interface Sealer extends PreparedSeal {
  /** Why nothing may be sealed at that moment; undefined: it may. Costs nothing: as last looked at, some seconds ago. */
  refusal(at: Date): SealRefusal | undefined
  state(at: Date): SealState
  /**
   * Why a key that would take over may not: it is revoked, or a list is kept here and none that is good says that it is not.
   * Looks at the list now; the dates of the certificate are another question.
   */
  judge(key: CertifiedKey): SealRefusal | undefined
  /** The authorities that verifiers need, PEM: those published, and those of every key that the log announced since. */
  authorities(): string
  /** Looks at the log, the key directory and the revocation list now. Never throws. */
  look(): Promise<void>
}

interface Parts extends Pick<Hub, 'keys' | 'events' | 'clock'> {
  readonly keyLog: KeyLog
  readonly revocation: RevocationWatch
  readonly graceMs: number
  /** Reads the key that waits beside the first one. @throws KeyStoreError */
  readonly readNext: () => CertifiedKey | undefined
  /** Reads what verifiers are given of seals, with the authorities of these keys in it. @throws when it is no list of certificates */
  readonly readAuthorities: (keys: readonly CertifiedKey[]) => string
}

/** The longest that a revoked certificate goes on sealing once the list with it is in its place. */
const lookMs = 10_000

interface Known {
  readonly key: CertifiedKey
  readonly prepared: PreparedSeal
}

/** Looks once before it is given, then every `lookMs` until the signal. */
export async function createSealer(parts: Parts, stopping: AbortSignal): Promise<Sealer> {
  const { keys, keyLog, revocation, events, clock } = parts
  const known = new Map<string, Known>()
  const add = (key: CertifiedKey): void => {
    const { privateKey, certificate, chain } = key
    known.set(certificateId(certificate), { key, prepared: prepareSeal(privateKey, certificate, chain) })
  }
  for (const key of [keys.seal, keys.sealNext]) if (key) add(key)
  const first = certificateId(keys.seal.certificate)
  const allKeys = (): readonly CertifiedKey[] => [...known.values()].map(({ key }) => key)
  let published = ''
  const turnAt = (at: Date): string => sealKeyAt(keyLog.events, at) ?? first

  function state(at: Date): SealState {
    const certificate = turnAt(at)
    const key = known.get(certificate)?.key
    const listUntil = key && revocation.viewOf(key)?.freshUntil
    const refusal = key ? refusalOf(parts, key, at) : missing(certificate)
    return { certificate, until: key?.validity.to, listUntil, refusal }
  }

  async function look(): Promise<void> {
    // A store that does not answer is told by whoever needs it; what was known stays.
    await keyLog.look().catch(() => undefined)
    if (announced(keyLog).some((id) => !known.has(id))) {
      const next = nextKey(parts)
      if (next) add(next)
    }
    const now = clock()
    revocation.look(allKeys(), now)
    try {
      published = parts.readAuthorities(allKeys())
    } catch (error) {
      events.failed('seal-authorities', error)
    }
    tell(parts, state(now), now)
  }

  await look()
  const timer = setInterval(() => void look().catch((error: unknown) => events.failed('seal', error)), lookMs)
  timer.unref()
  stopping.addEventListener('abort', () => clearInterval(timer))
  return {
    state,
    look,
    refusal: (at) => state(at).refusal,
    judge(key) {
      const now = clock()
      revocation.look([...allKeys(), key], now)
      return revocationRefusal(parts, key, now)
    },
    authorities: () => published,
    async seal(manifestDigest, at) {
      const found = known.get(turnAt(at))
      if (!found) throw new Error('the seal key is missing')
      return await found.prepared.seal(manifestDigest, at)
    },
  }
}

function missing(id: string): SealRefusal {
  return { code: 'SEAL_MISSING', reason: `the key directory lacks the seal key ${id}` }
}

function refusalOf(parts: Parts, key: CertifiedKey, at: Date): SealRefusal | undefined {
  const { from, to } = key.validity
  if (at < from || at > to)
    return { code: 'SEAL_OUT_OF_DATE', reason: `valid from ${from.toISOString()} to ${to.toISOString()}` }
  return revocationRefusal(parts, key, at)
}

function revocationRefusal(
  { keyLog, revocation, graceMs }: Parts,
  key: CertifiedKey,
  at: Date,
): SealRefusal | undefined {
  const said = revocationOf(keyLog.events, certificateId(key.certificate))
  if (said) return { code: 'SEAL_REVOKED', reason: `by the log, as of ${said.revokedAt ?? ''} (${said.reason ?? ''})` }
  const view = revocation.viewOf(key)
  if (!view) return undefined
  if (view.revocation) {
    const { at: since, reason } = view.revocation
    return { code: 'SEAL_REVOKED', reason: `by its authority, as of ${since.toISOString()} (${reason})` }
  }
  if (!view.freshUntil)
    return { code: 'SEAL_UNCHECKED', reason: revocation.problem ?? 'no revocation list of its authority' }
  const isStale = at.getTime() > view.freshUntil.getTime() + graceMs
  return isStale
    ? { code: 'SEAL_UNCHECKED', reason: `its revocation list ended ${view.freshUntil.toISOString()}` }
    : undefined
}

function announced({ events }: KeyLog): readonly string[] {
  return events.flatMap(({ type, key }) => (type === 'seal-rotated' ? [key.sha256] : []))
}

/** A key that the log announces may have been put there since the start. */
function nextKey({ readNext, events }: Parts): CertifiedKey | undefined {
  try {
    return readNext()
  } catch (error) {
    events.failed('seal', error)
    return undefined
  }
}

function tell({ events, revocation }: Parts, { until, listUntil, refusal }: SealState, now: Date): void {
  if (until) events.sealEnds('certificate', (until.getTime() - now.getTime()) / 1_000)
  if (listUntil) events.sealEnds('revocation-list', (listUntil.getTime() - now.getTime()) / 1_000)
  if (revocation.problem !== undefined) events.failed('seal-list', new Error(revocation.problem))
  if (refusal) events.failed('seal', new Error(`${refusal.code}: ${refusal.reason}`))
}
