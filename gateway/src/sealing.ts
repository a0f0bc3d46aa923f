import { join } from 'node:path'
import { certificateId } from '@socle/schemas'
import type { Hub } from './hub.ts'
import { readSealNext } from './keys/key-store.ts'
import type { CertifiedKey } from './keys/certified-key.ts'
import { KeyStoreError } from './keys/key-store-error.ts'
import { readSealAuthorities } from './keys/seal-authorities.ts'
import { createKeyLog } from './record/key-log.ts'
import { lastSealCertificate } from './record/last-seal.ts'
import { watchRevocation } from './record/revocation-watch.ts'
import { createSealer } from './record/seal-keys.ts'
import { sealPassphraseOf } from './start-checks.ts'

type Needs = Pick<Hub, 'config' | 'keys' | 'store' | 'events' | 'clock'>

/** The seal of a hub: its keys from the directory, their turns from the log, their revocation from a file. */
export async function sealingOf(needs: Needs, stopping: AbortSignal): Promise<Pick<Hub, 'sealer' | 'keyLog'>> {
  const { config, keys, events, clock } = needs
  const keyLog = createKeyLog(needs)
  const { crlFile, crlGraceMs: graceMs } = config.seal
  const file = crlFile ?? join(config.keysDirectory, 'trust', 'seal.crl')
  const revocation = watchRevocation(file, crlFile !== undefined, join(config.dataDirectory, 'last-seal.crl'))
  const readNext = (): ReturnType<typeof readSealNext> => readSealNext(config.keysDirectory, sealPassphraseOf(config))
  const readAuthorities = (all: readonly CertifiedKey[]): string =>
    readSealAuthorities(config.keysDirectory, keys.trust.sealCa, all)
  const parts = { keys, keyLog, revocation, events, clock, graceMs, readNext, readAuthorities }
  return { keyLog, sealer: await createSealer(parts, stopping) }
}

/**
 * A hub that could seal nothing does not start. Nor one whose seal was changed behind the log's back: the list of keys
 * would not name the one before. Operators' commands ask nothing of this: they are how it is mended.
 * @throws KeyStoreError
 */
export async function requireSeal(hub: Pick<Hub, 'sealer' | 'keyLog' | 'keys' | 'store' | 'clock'>): Promise<void> {
  const { certificate, refusal } = hub.sealer.state(hub.clock())
  if (refusal)
    throw new KeyStoreError(`Rien ne peut être scellé / Nothing can be sealed (${refusal.code}): ${refusal.reason}`)
  const last = await lastSealCertificate(hub.store.reader)
  const announced = hub.keyLog.events.map(({ key }) => key.sha256)
  if (last === undefined || [certificate, ...announced].includes(certificateId(last))) return
  throw new KeyStoreError(
    'Le certificat du cachet a changé sans que le registre le dise : remettez l’ancien, ou annoncez le nouveau / ' +
      `The ledger was last sealed by the certificate ${certificateId(last)}, and the key directory holds ${certificate}: ` +
      'put the other one back, or announce this one / socle keys rotate seal',
  )
}
