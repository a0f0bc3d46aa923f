import type { Caller } from '../authenticate/caller.ts'
import type { Hub } from '../hub.ts'
import { type CloudEvent, eventOf } from '../publish/cloud-event.ts'
import { readCursor, writeCursor } from '../store/cursors.ts'
import { type Happening, readHappenings } from '../store/happenings.ts'
import { readHead } from '../store/ledger-rows.ts'
import { formatCursor, parseCursor } from './cursor.ts'
import { recordDelivery } from './delivery.ts'
import { concerns, type Interest, parseSubjects } from './interest.ts'

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

/** Entries looked at in one read, so that a page of rare kinds does not scan the whole log at once. */
const scanned = 5_000

/**
 * One page after a cursor. Asking with a cursor acknowledges everything before it: that is the delivery, and it becomes
 * a ledger entry before the next page is given. A reader that crashes asks again and gets the same page.
 * @throws HubError CURSOR_INVALID, CURSOR_FUTURE, CURSOR_OUTDATED, REQUEST_INVALID
 */
export async function readFeed(hub: Hub, caller: Caller, query: FeedQuery, signal: AbortSignal): Promise<FeedPage> {
  const interest: Interest = { account: caller.account, buyers: caller.buyers, subjects: parseSubjects(query.kinds) }
  const size = (await readHead(hub.store.reader))?.size ?? 0
  const from = query.after === undefined ? 0 : parseCursor(query.after, hub.config.logOrigin, size)
  if (from > 0) await acknowledge(hub, interest, from)
  const until = hub.clock().getTime() + query.waitSeconds * 1_000
  let position = from
  while (true) {
    const page = await readPage(hub, interest, position, query.limit)
    const left = until - hub.clock().getTime()
    if (page.found.length > 0 || left <= 0 || signal.aborted) return await asPage(hub, page)
    position = page.next
    await hub.recorded.wait(left, signal)
  }
}

interface Found {
  readonly found: readonly Happening[]
  readonly next: number
}

async function readPage(hub: Hub, interest: Interest, from: number, limit: number): Promise<Found> {
  const size = (await readHead(hub.store.reader))?.size ?? 0
  const found: Happening[] = []
  let position = from
  while (position < size && found.length < limit) {
    const end = Math.min(size, position + scanned)
    for (const happening of await readHappenings(hub.store.reader, position, end, scanned)) {
      if (found.length >= limit) return { found, next: position }
      if (concerns(interest, happening)) found.push(happening)
      position = happening.index + 1
    }
    if (found.length < limit) position = end
  }
  return { found, next: position }
}

async function asPage(hub: Hub, { found, next }: Found): Promise<FeedPage> {
  const events: CloudEvent[] = []
  for (const happening of found) events.push(await eventOf(hub, happening))
  return { events, next: formatCursor(hub.config.logOrigin, next) }
}

/** Everything that concerned the reader up to the cursor is delivered: logged once, with the reader's position. */
async function acknowledge(hub: Hub, interest: Interest, to: number): Promise<void> {
  const name = `feed:${interest.account}:${[...interest.subjects].sort().join('+')}`
  let from = await readCursor(hub.store.reader, name)
  while (from < to) {
    const page = await readPage(hub, interest, from, 500)
    const end = Math.min(page.next, to)
    const documents = page.found.flatMap((item) => (item.what === 'document' && item.index < to ? [item.id] : []))
    if (documents.length > 0) {
      const moves = { write: 'cursor' as const, name, position: end }
      await recordDelivery(hub, { recipient: interest.account, channel: 'feed', documents, moves })
    } else if (end - from > scanned || end === to) {
      // Nothing in there concerned the reader: remembered all the same, so that it is not looked through again.
      await writeCursor(hub.store.writer, name, end, hub.clock())
    }
    from = end
  }
}
