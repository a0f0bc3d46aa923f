import { createHash } from 'node:crypto'
import type { Hub } from '../hub.ts'
import type { Store } from '../ports.ts'
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
async function findEarlier(
  store: Pick<Store, 'reader' | 'dialect'>,
  account: string,
  key: string,
  sha256: string,
): Promise<Earlier> {
  const row = await findKey(store, { account, key })
  if (!row) return { found: 'nothing' }
  // Of an erased document nobody can tell any more: it is not recorded a second time, and its receipt is refused.
  if (row.sha256 !== sha256 && row.sha256 !== '') return { found: 'other' }
  return { found: 'same', index: row.idx }
}

/** The longest that a repetition waits for its first request to be judged, and how often it looks. */
const twinMs = 2_000
const lookMs = 25

/**
 * What a key stands for, asked before any work is done. A repetition that comes while its first request is under way (a
 * hundred impatient retries, in any replica) waits for the ledger's answer in place of being judged too. That spares
 * work and decides nothing: when the claim is lost, or takes too long, the repetition goes on like a first one, and the
 * ledger's transaction decides. Disposing of the answer ends the claim, which would end by itself.
 */
export async function askKey(
  hub: Pick<Hub, 'store' | 'cache' | 'pause' | 'stopping'>,
  account: string,
  key: string,
  fingerprint: string,
): Promise<Earlier & Disposable> {
  const name = `deposit ${account} ${key}`
  for (let waited = 0; ; waited += lookMs) {
    const earlier = await findEarlier(hub.store, account, key, fingerprint)
    if (earlier.found !== 'nothing') return { ...earlier, [Symbol.dispose]: () => undefined }
    const isFirst = await hub.cache.claim(name, twinMs)
    if (isFirst) return { ...earlier, [Symbol.dispose]: () => void hub.cache.release(name) }
    if (waited >= twinMs || hub.stopping.aborted) return { ...earlier, [Symbol.dispose]: () => undefined }
    await hub.pause(lookMs, hub.stopping)
  }
}
