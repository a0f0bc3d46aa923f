import { generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { privateDirectory, writeOnce } from './durable-file.ts'
import { type CertificateUse, makeAuthority, makeIdentity } from './make-certificates.ts'
import { makeStorageKey } from './storage-key.ts'

type MadeFile = 'log.key' | 'token.key' | 'storage.key' | 'seal.pem' | 'tsa.pem'

/** Makes the keys that a sandbox lacks; two starts at once end with the same ones. */
export function makeMissing(directory: string, now: Date, isThere: (file: MadeFile) => boolean): void {
  privateDirectory(directory)
  const make = (file: MadeFile, text: () => string): void => {
    if (!isThere(file)) writeOnce(join(directory, file), text(), randomUUID())
  }
  make('log.key', () => pemOf(generateKeyPairSync('ed25519').privateKey))
  make('token.key', () => pemOf(generateKeyPairSync('ed25519').privateKey))
  make('storage.key', makeStorageKey)
  make('seal.pem', () => certifiedPem('seal', now))
  make('tsa.pem', () => certifiedPem('timestamp', now))
}

const day = 86_400_000

/**
 * Key, certificate and authority in one file, so that a crash never leaves one without the others. The authority's own
 * key is not kept: it signs once, and nobody can make another certificate under it.
 */
function certifiedPem(use: CertificateUse, now: Date): string {
  const organisation = 'Socle (environnement de test)'
  const what = use === 'seal' ? 'cachet' : 'horodatage'
  // From the day before: clocks that are a little late must not find the certificate too young.
  const validity = { from: new Date(now.getTime() - day), to: new Date(now.getTime() + 3650 * day) }
  const authority = makeAuthority({ organisation, name: `Autorité de test, ${what}` }, validity)
  const { privateKey, certificate } = makeIdentity(
    authority,
    use,
    { organisation, name: `Socle, ${what} de test` },
    validity,
  )
  return pemOf(privateKey) + certificate.toString() + authority.certificate.toString()
}

function pemOf(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString()
}
