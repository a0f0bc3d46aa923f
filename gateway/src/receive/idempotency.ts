import type { Reader } from '../store/database.ts'
import { findKey } from '../store/ledger-rows.ts'

/** What an idempotency key already stands for. */
export type Earlier =
  | { readonly found: 'nothing' }
  | { readonly found: 'same'; readonly index: number }
  | { readonly found: 'other' }

/**
 * Looks a key up before any work is done. Only a shortcut: two first requests racing under one key both find nothing
 * here, and the ledger's transaction decides.
 */
export async function findEarlier(reader: Reader, account: string, key: string, sha256: string): Promise<Earlier> {
  const row = await findKey(reader, account, key)
  if (!row) return { found: 'nothing' }
  if (row.sha256 !== sha256) return { found: 'other' }
  return { found: 'same', index: row.idx }
}
