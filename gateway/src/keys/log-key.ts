import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeVkey } from '@socle/schemas'
import { privateDirectory, replaceFile, writeOnce } from './durable-file.ts'
import { KeyStoreError } from './key-store-error.ts'

/** Holds the public keys of every log, one a line: receipts of a log that ended are verified with them for ever. */
const vkeyFile = 'trust/log.vkey'

/**
 * File of a log's own key. The next log's lies beside that of the log that goes on, so that a hand-over moves no file: the
 * origin that a hub is set to says which one it takes.
 */
export function ownKeyFile(origin: string): string {
  return `log-${origin.replaceAll(/[^A-Za-z0-9.-]/g, '_')}.key`
}

/** The log's own key file where there is one; else `log.key`, which the first log of a ledger has. */
export function logKeyFile(directory: string, origin: string): string {
  const own = ownKeyFile(origin)
  return existsSync(join(directory, own)) ? own : 'log.key'
}

/** @throws KeyStoreError */
export function readLogKey(directory: string, origin: string): KeyObject {
  const path = join(directory, logKeyFile(directory, origin))
  const wanted = `${path} must hold the Ed25519 private key that signs the log (PKCS#8 PEM)`
  let key: KeyObject
  try {
    key = createPrivateKey(readFileSync(path))
  } catch (cause) {
    throw new KeyStoreError(wanted, { cause })
  }
  if (key.asymmetricKeyType !== 'ed25519') throw new KeyStoreError(wanted)
  return key
}

/** The next log's key and what verifiers know it by. */
export interface NextLogKey {
  readonly logKey: KeyObject
  readonly vkey: string
}

/**
 * Opens the key of a log that is to begin, once its public part is published in `trust/log.vkey` beside the others. The sandbox
 * makes both; in production people do, weeks before.
 * @throws KeyStoreError that says what to do
 */
export function openNextLogKey(directory: string, origin: string, environment: 'sandbox' | 'production'): NextLogKey {
  const file = join(directory, ownKeyFile(origin))
  if (environment === 'sandbox') makeLogKey(file)
  if (!existsSync(file))
    throw new KeyStoreError(
      `La clé du nouveau journal manque / the key of the new log is missing: openssl genpkey -algorithm ed25519 -out '${file}'`,
    )
  const logKey = readLogKey(directory, origin)
  const vkey = makeVkey(origin, createPublicKey(logKey))
  const path = join(directory, vkeyFile)
  const lines = existsSync(path) ? readFileSync(path, 'utf8') : ''
  if (lines.split('\n').includes(vkey)) return { logKey, vkey }
  if (environment === 'production')
    throw new KeyStoreError(
      `La clé publique du nouveau journal n'est pas publiée : ajoutez cette ligne à ${path}, redémarrez, prévenez / the new log's public key is not published: add this line to ${path}, restart, tell verifiers:\n${vkey}`,
    )
  privateDirectory(join(directory, 'trust'))
  replaceFile(path, `${lines}${vkey}\n`, randomUUID())
  return { logKey, vkey }
}

function makeLogKey(file: string): void {
  if (existsSync(file)) return
  const { privateKey } = generateKeyPairSync('ed25519')
  writeOnce(file, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), randomUUID())
}
