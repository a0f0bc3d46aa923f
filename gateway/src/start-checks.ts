import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { openCheckpoint, parseVkey } from '@socle/schemas'
import { type Config, ConfigError } from './config.ts'
import { type Keys, KeyStoreError, openKeys } from './keys/key-store.ts'
import type { Store } from './ports.ts'
import { readHead } from './store/ledger-rows.ts'

/** The embedded ledger, in the data directory. */
export const ledgerFile = 'ledger.sqlite'

/**
 * Keys are made for a new ledger only: new ones beside old entries would sign in the old ones' name, and nobody could
 * tell which receipts are still good. Of a store elsewhere this is known once it is open: see `requireOurLog`.
 * @throws KeyStoreError
 */
export function keysFor({ dataDirectory, keysDirectory, environment, logOrigin: origin }: Config, now: Date): Keys {
  mkdirSync(dataDirectory, { recursive: true, mode: 0o700 })
  const missing = ['log.key', 'token.key', 'seal.pem'].filter((name) => !existsSync(join(keysDirectory, name)))
  if (missing.length > 0 && existsSync(join(dataDirectory, ledgerFile)))
    throw new KeyStoreError(
      `The ledger has entries but ${keysDirectory} lacks ${missing.join(', ')}: put the keys back`,
    )
  return openKeys(keysDirectory, { environment, origin, now })
}

/**
 * One log has one name and one key for ever: receipts, cursors and events say them. Closes a store that is another's.
 * @throws ConfigError, KeyStoreError
 */
export async function requireOurLog(store: Store, keys: Pick<Keys, 'log'>): Promise<void> {
  const checkpoint = (await readHead(store.reader))?.checkpoint ?? ''
  if (checkpoint === '') return
  const { origin, vkey } = keys.log
  const recorded = checkpoint.split('\n', 1)[0] ?? ''
  if (recorded !== origin) {
    await store.close()
    throw new ConfigError([`HUB_LOG_ORIGIN is ${origin}, but the ledger's log is ${recorded}: one store holds one log`])
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
}
