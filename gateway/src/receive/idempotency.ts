import { createHash } from 'node:crypto'
import type { Reader } from '../store/database.ts'
import { findKey } from '../store/ledger-rows.ts'
import type { Incoming } from './incoming.ts'

/** What an idempotency key already stands for. */
export type Earlier =
  | { readonly found: 'nothing' }
  | { readonly found: 'same'; readonly index: number }
  | { readonly found: 'other' }

/**
 * What a key stands for: the same bytes sent as another kind, or for another buyer or consultation, are another request.
 * SHA-256, hexadecimal.
 */
export function fingerprintOf({ kind, hints }: Pick<Incoming, 'kind' | 'hints'>, sha256: string): string {
  const request = JSON.stringify([kind, hints.buyer ?? '', hints.consultation ?? '', sha256])
  return createHash('sha256').update(request).digest('hex')
}

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
