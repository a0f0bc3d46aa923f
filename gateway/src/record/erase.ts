import { createHash } from 'node:crypto'
import type { Hub } from '../hub.ts'
import type { Reader } from '../store/database.ts'
import { countErased, keptOfConsultation } from '../store/erasures.ts'
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

/** Documents a transaction: a larger one holds the head's lock, and every deposit, too long. */
const atOnce = 256

/** Documents of a consultation that are looked up together. */
const pageSize = 10_000

/**
 * Erases documents (or refusals), when all of them may be: each has an `era` entry, and everything that opened it is gone
 * with the commit. The log goes on proving: its leaves are untouched. What stands already erased stays as it is.
 * Many are erased in parts of 256. A crash leaves the parts before it erased and the others whole, none by half: the
 * same order again goes on from there. `purge` is then still to do.
 * @throws HubError LEDGER_BEHIND; Error when one of them is no document or refusal: then nothing is erased
 * @returns how many were erased now
 */
export async function erase(hub: Needs, { documents, decision }: ErasureOrder): Promise<number> {
  await requireErasable(hub.store.reader, documents)
  let done = 0
  for (let at = 0; at < documents.length; at += atOnce)
    done += await erasePart(hub, documents.slice(at, at + atOnce), decision)
  return done
}

/**
 * Erases every document of a consultation, those too that are recorded meanwhile, until none is left: its key goes with
 * the last of them. A crash in between as in `erase`.
 * @throws HubError LEDGER_BEHIND
 * @returns how many were erased now, and how many before; of both none when there is no document
 */
export async function eraseConsultation(
  hub: Needs,
  { consultation, decision }: { readonly consultation: string; readonly decision: string },
): Promise<{ readonly now: number; readonly before: number }> {
  const { reader } = hub.store
  let now = 0
  for (let after = -1; ;) {
    const page = await keptOfConsultation(reader, consultation, { after, limit: pageSize })
    const last = page.at(-1)
    if (!last) return { now, before: (await countErased(reader, consultation)) - now }
    now += await erase(hub, { documents: page.map(({ id }) => id), decision })
    after = last.idx
  }
}

/** In one transaction. The times are those of its entries, not of the first part of a long order. */
async function erasePart(hub: Needs, documents: readonly string[], decision: string): Promise<number> {
  hub.continuity.requireWhole()
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
