import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openCheckpoint, parseCertificates, parseVkey, reasonOf } from '@socle/schemas'
import { type Config, ConfigError } from './config.ts'
import { hasKey, type Keys, openKeys } from './keys/key-store.ts'
import { KeyStoreError } from './keys/key-store-error.ts'
import type { Store } from './ports.ts'
import { readHead } from './store/ledger-rows.ts'
import { readShards } from './store/shards.ts'

/** The embedded ledger, in the data directory. */
export const ledgerFile = 'ledger.sqlite'

/** SHA-256 of a certificate, in hexadecimal. */
export function fingerprintOf(certificate: Uint8Array): string {
  return createHash('sha256').update(certificate).digest('hex')
}

/** What production needs beside its keys. */
function lacksOf({ environment, servers: { time } }: Config): readonly string[] {
  if (environment !== 'production' || time.authorities.length > 0) return []
  return ['HUB_TSA_URLS and HUB_TSA_POLICIES: production needs an outside RFC 3161 authority; a second one takes over']
}

/** Each authority's tokens must be verifiable by whoever has what this hub publishes. */
function anchorProblems({ servers: { time } }: Config, { trust }: Pick<Keys, 'trust'>): readonly string[] {
  let known: readonly string[]
  try {
    known = parseCertificates(trust.tsaCa).map(({ raw }) => fingerprintOf(raw))
  } catch (error) {
    return [`trust/tsa-ca.pem: ${reasonOf(error)}`]
  }
  const missing = time.authorities.flatMap(({ anchor }) => (anchor && !known.includes(anchor) ? [anchor] : []))
  return missing.map((anchor) => `HUB_TSA_ANCHORS: no certificate of trust/tsa-ca.pem has the fingerprint ${anchor}`)
}

/**
 * Keys are made for a new ledger only: new ones beside old entries would sign in the old ones' name, and nobody could
 * tell which receipts are still good. Of a store elsewhere this is known once it is open: see `requireOurLog`.
 * @throws KeyStoreError, ConfigError: everything that is missing, at once
 */
export function keysFor(config: Config, now: Date): Keys {
  const { dataDirectory, keysDirectory, environment, logOrigin: origin } = config
  mkdirSync(dataDirectory, { recursive: true, mode: 0o700 })
  const missing = (['log.key', 'token.key', 'seal.pem'] as const).filter((name) => !hasKey(keysDirectory, name, origin))
  if (missing.length > 0 && existsSync(join(dataDirectory, ledgerFile)))
    throw new KeyStoreError(
      `The ledger has entries but ${keysDirectory} lacks ${missing.join(', ')}: put the keys back`,
    )
  const lacks = lacksOf(config)
  let keys: Keys
  try {
    keys = openKeys(keysDirectory, { environment, origin, now, sealPassphrase: sealPassphraseOf(config) })
  } catch (error) {
    if (lacks.length === 0 || !(error instanceof KeyStoreError)) throw error
    throw new ConfigError([...lacks, error.message])
  }
  const problems = [...lacks, ...anchorProblems(config, keys)]
  if (problems.length > 0) throw new ConfigError(problems)
  return keys
}

/** First line of the file that HUB_SEAL_PASSPHRASE_FILE names. @throws ConfigError when it cannot be read */
export function sealPassphraseOf({ seal: { passphraseFile } }: Pick<Config, 'seal'>): string | undefined {
  if (passphraseFile === undefined) return undefined
  try {
    return readFileSync(passphraseFile, 'utf8').split(/\r?\n/, 1)[0]
  } catch (error) {
    throw new ConfigError([`HUB_SEAL_PASSPHRASE_FILE: ${reasonOf(error)}`])
  }
}

/**
 * One log has one name and one key for ever, and receipts say them; the ledger's earlier logs are verified with the keys that
 * this hub publishes. Closes a store that is another's.
 * @throws ConfigError, KeyStoreError
 */
export async function requireOurLog(store: Store, keys: Pick<Keys, 'log' | 'trust'>): Promise<void> {
  const checkpoint = (await readHead(store.reader))?.checkpoint ?? ''
  if (checkpoint === '') return
  const { origin, vkey } = keys.log
  const recorded = checkpoint.split('\n', 1)[0] ?? ''
  if (recorded !== origin) {
    await store.close()
    throw new ConfigError([`HUB_LOG_ORIGIN is ${origin}, but the log that goes on in the ledger is ${recorded}`])
  }
  try {
    openCheckpoint(checkpoint, [parseVkey(vkey)])
  } catch (cause) {
    await store.close()
    throw new KeyStoreError(
      'The last checkpoint of the ledger is not signed by log.key: put the right keys back (HUB_KEYS_DIR)',
      { cause },
    )
  }
  const published = keys.trust.logVkey.split('\n')
  const unknown = (await readShards(store.reader)).filter((shard) => !published.includes(shard.vkey))
  if (unknown.length === 0) return
  await store.close()
  throw new KeyStoreError(
    `trust/log.vkey lacks the keys of earlier logs, and their receipts could not be verified: add\n${unknown.map((shard) => shard.vkey).join('\n')}`,
  )
}
