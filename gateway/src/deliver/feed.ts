import { createHash } from 'node:crypto'
import { isConfidential } from '@socle/schemas'
import type { Caller } from '../authenticate/caller.ts'
import { HubError } from '../errors.ts'
import type { Hub } from '../hub.ts'
import type { AccountId } from '../ids.ts'
import { type CloudEvent, eventOf } from '../publish/cloud-event.ts'
import { deliveredAmong } from '../store/deliveries.ts'
import { type Happening, type HappeningDocument, readHappenings } from '../store/happenings.ts'
import { readHead } from '../store/ledger-rows.ts'
import { type Cursor, formatCursor, type Page, parseCursor } from './cursor.ts'
import { recordDelivery } from './delivery.ts'
import { concerns, parseSubjects } from './interest.ts'
import { mandatedBuyers } from './mandated.ts'

export interface FeedQuery {
  readonly after: string | undefined
  /** 1 to 500 events. */
  readonly limit: number
  /** Seconds to wait for something new, 0 to 30. */
  readonly waitSeconds: number
  readonly kinds: readonly string[]
}

export interface FeedPage {
  readonly events: readonly CloudEvent[]
  /** Always there. Sending it back says: all of this page is safe with me. */
  readonly next: string
}

/** Events a page has at most; the limit that may be asked for. */
export const largestPage = 500

/** Entries of deliveries recorded together: a page of five hundred buyers fills no queue, and takes few commits. */
const recordedTogether = 64

/** Entries looked at in one read, so that a page of rare kinds does not scan the whole log at once. */
const scanned = 5_000

/** The longest a reader waits for an entry that nobody here told it of: a lost wake-up, another process. */
const longestSleepMs = 1_000

/**
 * One page after a cursor. Asking with a cursor acknowledges the page it ends: that is the delivery, and it becomes
 * a ledger entry before the next page is given. A reader that crashes asks again and gets the same page.
 * @throws HubError CURSOR_INVALID, CURSOR_FUTURE, CURSOR_OUTDATED, REQUEST_INVALID, TOKEN_INVALID (disabled meanwhile)
 */
export async function readFeed(hub: Hub, caller: Caller, query: FeedQuery, signal: AbortSignal): Promise<FeedPage> {
  const { account } = caller
  const subjects = parseSubjects(query.kinds)
  let position = 0
  if (query.after !== undefined) {
    const cursor = parseCursor(query.after, hub.ledger.name, await sizeOf(hub))
    await acknowledge(hub, account, cursor)
    position = cursor.position
  }
  const until = hub.clock().getTime() + query.waitSeconds * 1_000
  while (true) {
    const page: Page = { since: position, subjects, size: await sizeOf(hub), at: hub.clock() }
    const { found, next } = await readPage(hub, account, page, { limit: query.limit, to: page.size })
    const left = until - hub.clock().getTime()
    if (found.length > 0 || left <= 0 || signal.aborted) {
      const events: CloudEvent[] = []
      for (const happening of found) events.push(await eventOf(hub, happening))
      return { events, next: formatCursor(hub.ledger.name, { ...page, position: next }) }
    }
    position = next
    await hub.recorded.wait(Math.min(left, longestSleepMs), signal)
    if (!(await hub.accounts.find(account))) throw new HubError('TOKEN_INVALID')
  }
}

async function sizeOf(hub: Pick<Hub, 'store'>): Promise<number> {
  return (await readHead(hub.store.reader))?.size ?? 0
}

interface Found {
  readonly found: readonly Happening[]
  readonly next: number
}

async function readPage(
  hub: Hub,
  account: AccountId,
  { since, subjects, ...standing }: Page,
  { limit, to }: { readonly limit: number; readonly to: number },
): Promise<Found> {
  const found: Happening[] = []
  let position = since
  while (position < to && found.length < limit) {
    const end = Math.min(to, position + scanned)
    const happenings = await readHappenings(hub.store.reader, position, end, scanned)
    const buyers = await mandatedBuyers(hub, account, happenings, standing)
    for (const happening of happenings) {
      if (found.length >= limit) return { found, next: position }
      if (concerns({ account, buyers, subjects }, happening)) found.push(happening)
      position = happening.index + 1
    }
    if (found.length < limit) position = end
  }
  return { found, next: position }
}

/**
 * What the page brought is delivered: found again from its cursor, as it was, whatever the reader's rights are now.
 * The key makes one entry of a cursor sent back by several requests at once.
 */
async function acknowledge(hub: Hub, account: AccountId, cursor: Cursor): Promise<void> {
  const { found } = await readPage(hub, account, cursor, { limit: largestPage + 1, to: cursor.position })
  // No page of ours was that long: the cursor was made up.
  if (found.length > largestPage) throw new HubError('CURSOR_INVALID')
  const brought = found.flatMap((happening) => (happening.what === 'document' ? [happening] : []))
  const ids = brought.map(({ id }) => id)
  const known = await deliveredAmong(hub.store.reader, ids, { recipient: account, channel: 'feed' })
  const groups = byReaders(brought.filter(({ id }) => !known.has(id)))
  for (let from = 0; from < groups.length; from += recordedTogether) {
    const deliveries = groups.slice(from, from + recordedTogether).map(async (documents) => {
      const sha256 = createHash('sha256').update(documents.join()).digest('hex')
      const once = { account, key: `feed ${sha256}`, sha256 }
      await recordDelivery(hub, { recipient: account, channel: 'feed', documents, once })
    })
    await Promise.all(deliveries)
  }
}

/**
 * One entry for what everybody may read, one a buyer for what is confidential: the evidence of a document can then show
 * the entry that delivered it, which names no document of others. A crash between two of them leaves the second to the
 * next request.
 */
function byReaders(documents: readonly HappeningDocument[]): readonly (readonly string[])[] {
  const groups = new Map<string, string[]>()
  for (const { id, kind, buyer } of documents) {
    const readers = isConfidential(kind) ? buyer : ''
    groups.set(readers, [...(groups.get(readers) ?? []), id])
  }
  return [...groups.values()]
}
