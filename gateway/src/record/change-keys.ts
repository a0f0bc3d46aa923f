import { certificateId, type Envelope } from '@socle/schemas'
import type { Hub } from '../hub.ts'
import type { CertifiedKey } from '../keys/certified-key.ts'
import { keyRecords } from './key-list.ts'
import { type KeyEvent, sealKeyAt } from './key-log.ts'
import { lastSealCertificate } from './last-seal.ts'
import { record } from './record.ts'

type Needs = Pick<
  Hub,
  'batcher' | 'sealer' | 'clock' | 'randomBytes' | 'recorded' | 'at' | 'newId' | 'config' | 'keys' | 'keyLog' | 'store'
>

/** Every replica has looked at the log by then: none seals under the old key any more. */
export const leastNoticeMs = 60_000

/** Reasons of RFC 5280 under which a key may be revoked. */
export const revocationReasons = [
  'keyCompromise',
  'cACompromise',
  'superseded',
  'cessationOfOperation',
  'privilegeWithdrawn',
  'unspecified',
] as const

/** The key that seals now, as far as the log and the ledger know; its certificate only where a seal or the directory has it. */
export async function currentSeal(hub: Needs): Promise<string> {
  await hub.keyLog.look()
  const last = await lastSealCertificate(hub.store.reader)
  return sealKeyAt(hub.keyLog.events, hub.clock()) ?? certificateId(last ?? hub.keys.seal.certificate)
}

/**
 * Says in the log that another key seals from an instant on. The replaced one is named first when the log did not know
 * it: whoever reads the list of keys must find every key that ever sealed.
 * @param from at least `leastNoticeMs` away; kept to the second, as seals are dated
 * @throws RangeError when the key is revoked or unchecked, is not valid at that instant, or it comes too early
 */
export async function announceSeal(hub: Needs, next: CertifiedKey, from: Date): Promise<void> {
  const at = new Date(Math.ceil(from.getTime() / 1_000) * 1_000)
  if (at.getTime() < hub.clock().getTime() + leastNoticeMs)
    throw new RangeError(`a key is announced ${leastNoticeMs / 1_000} s ahead at least: replicas must have seen it`)
  requireBelieved(hub, next)
  if (at < next.validity.from || at > next.validity.to) throw new RangeError('the new certificate is not valid then')
  const replaced = await currentSeal(hub)
  const id = certificateId(next.certificate)
  if (hub.keyLog.events.some(({ type, key }) => type === 'seal-rotated' && key.sha256 === id))
    throw new RangeError('the log has announced this key already')
  if (!hub.keyLog.events.some(({ key }) => key.sha256 === replaced)) await addReplaced(hub, replaced)
  await say(hub, 'seal-rotated', {
    purpose: 'seal',
    sha256: id,
    from: at.toISOString(),
    to: next.validity.to.toISOString(),
    replaces: replaced,
  })
}

/** Nobody wants a key in the log for good that no hub would seal under. @throws RangeError */
export function requireBelieved(hub: Pick<Hub, 'sealer'>, next: CertifiedKey): void {
  const refusal = hub.sealer.judge(next)
  if (!refusal) return
  throw new RangeError(
    `ce cachet ne scellerait rien / this seal would seal nothing (${refusal.code}): ${refusal.reason}; ` +
      'seal.crl doit porter une liste valable de son autorité / seal.crl must hold a good list of its authority',
  )
}

async function addReplaced(hub: Needs, sha256: string): Promise<void> {
  const last = await lastSealCertificate(hub.store.reader)
  const known = [last, hub.keys.seal.certificate].find((one) => one && certificateId(one) === sha256)
  const period = known && {
    from: new Date(known.validFrom).toISOString(),
    to: new Date(Date.parse(known.validTo) + 999).toISOString(),
  }
  await say(hub, 'key-added', { purpose: 'seal', sha256, ...period })
}

/**
 * Says in the log that a key of the list no longer counts.
 * @param since nothing of that key that is not proved to be older is believed; not in the future
 * @throws RangeError when the list has no such key, it is revoked already or signs the list, or `since` lies ahead
 */
export async function revokeKey(
  hub: Needs,
  sha256: string,
  { since, reason }: { readonly since: Date; readonly reason: string },
): Promise<void> {
  if (since > hub.clock()) throw new RangeError('a key is revoked as of now, or of an earlier moment')
  const replaced = await currentSeal(hub)
  const found = (await keyRecords(hub)).find(({ id }) => id === sha256)
  // A seal that was lost with its key directory is known from the ledger alone.
  const purpose = found?.purpose ?? (sha256 === replaced ? 'seal' : undefined)
  if (purpose === undefined) throw new RangeError(`the list of keys has no ${sha256}`)
  if (found?.vkey === hub.keys.log.vkey)
    throw new RangeError(
      'a list that revokes its own signer is believed by nobody: hand the log over first (socle shard)',
    )
  if (found?.revokedAt !== undefined) throw new RangeError(`it was revoked as of ${found.revokedAt}`)
  if (purpose === 'seal' && !hub.keyLog.events.some(({ key }) => key.sha256 === sha256)) await addReplaced(hub, sha256)
  await say(hub, 'key-revoked', { purpose, sha256, revokedAt: since.toISOString(), reason })
}

async function say(hub: Needs, type: KeyEvent['type'], key: NonNullable<Envelope['key']>): Promise<void> {
  await record(hub, {
    envelope: {
      v: 1,
      id: hub.newId(),
      kind: 'key',
      type,
      environment: hub.config.environment,
      at: hub.clock().toISOString(),
      key,
    },
  })
  await hub.keyLog.look()
}
