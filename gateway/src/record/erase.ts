import { createHash } from 'node:crypto'
import type { Hub } from '../hub.ts'
import type { Reader } from '../store/database.ts'
import type { NewEntry } from './entry.ts'
import { seal } from './record.ts'

type Needs = Pick<Hub, 'store' | 'config' | 'clock' | 'newId' | 'sealer' | 'randomBytes' | 'continuity'> &
  Parameters<typeof seal>[0]

/** What is erased, and by what. */
export interface ErasureOrder {
  readonly documents: readonly string[]
  /** Reference of the decision: `2026-17`. It stands in the log for ever: without personal data. */
  readonly decision: string
}

/**
 * Erases documents (or refusals), all of them or none: each has an `era` entry, and everything that opened it is gone
 * with the commit. The log goes on proving: its leaves are untouched. What stands already erased stays as it is.
 * A crash before the commit leaves everything, after it nothing; `purge` is then still to do.
 * @throws HubError LEDGER_BEHIND; Error when one of them is no document or refusal
 * @returns how many were erased now
 */
export async function erase(hub: Needs, { documents, decision }: ErasureOrder): Promise<number> {
  hub.continuity.requireWhole()
  await requireErasable(hub.store.reader, documents)
  const entries: NewEntry[] = []
  for (const document of documents) entries.push(await eraEntry(hub, document, decision))
  const appended = await hub.store.append(entries)
  return appended.filter(({ result }) => result === 'recorded').length
}

/** What may be erased: the rest of the log holds nothing of a sender. */
async function requireErasable(reader: Reader, documents: readonly string[]): Promise<void> {
  for (const id of documents) {
    const entry = await reader.selectFrom('entries').select('kind').where('id', '=', id).executeTakeFirst()
    if (entry?.kind !== 'doc' && entry?.kind !== 'rej') throw new Error(`${id} is no document and no refusal`)
  }
}

/** Once for ever: the key makes a second order about the same document a repetition of the first. */
async function eraEntry(hub: Needs, document: string, decision: string): Promise<NewEntry> {
  const sha256 = createHash('sha256').update(document).digest('hex')
  const { entry } = await seal(hub, {
    envelope: {
      v: 1,
      id: hub.newId(),
      kind: 'era',
      type: 'erasure',
      environment: hub.config.environment,
      at: hub.clock().toISOString(),
      erasure: { document, decision },
    },
    idempotency: { account: '', key: `erasure ${document}`, sha256 },
    effects: [{ write: 'erasure', document, decision }],
  })
  return entry
}
