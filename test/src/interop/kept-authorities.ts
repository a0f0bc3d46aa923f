import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Identity, makeAuthority, makeIdentity } from '@socle/gateway'

const yearMs = 365 * 86_400_000
const uses = [
  ['seal', 'seal-ca', 'seal.pem'],
  ['timestamp', 'tsa-ca', 'tsa.pem'],
] as const

/**
 * A hub's key directory under authorities whose own keys are kept, so that they can issue revocation lists: `seal-ca.pem`
 * and `tsa-ca.pem` with `.key` beside them in `trust`, seal and sandbox clock in `keys`.
 * @param from the certificates are good from the day before
 */
export function makeKeptAuthorities(directory: string, from: Date): { readonly keys: string; readonly trust: string } {
  const place = { keys: join(directory, 'keys'), trust: join(directory, 'trust') }
  mkdirSync(place.keys, { recursive: true, mode: 0o700 })
  mkdirSync(place.trust, { recursive: true })
  const validity = { from: new Date(from.getTime() - 86_400_000), to: new Date(from.getTime() + 10 * yearMs) }
  for (const [use, authorityFile, keyFile] of uses) {
    const organisation = 'Essai'
    const authority = makeAuthority({ organisation, name: `Autorité, ${use}` }, validity)
    const identity = makeIdentity(authority, use, { organisation, name: `Socle, ${use}` }, validity)
    const write = (path: string, text: string): void => writeFileSync(path, text, { mode: 0o600 })
    write(join(place.trust, `${authorityFile}.pem`), authority.certificate.toString())
    write(join(place.trust, `${authorityFile}.key`), pemOf(authority))
    const chain = identity.certificate.toString() + authority.certificate.toString()
    write(join(place.keys, keyFile), pemOf(identity) + chain)
  }
  return place
}

function pemOf({ privateKey }: Identity): string {
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
}
