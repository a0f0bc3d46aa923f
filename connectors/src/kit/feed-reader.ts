import { realSurroundings, type Sleep, type Subject, type Tell } from './connector.ts'
import type { CursorFile } from './cursor-file.ts'
import type { HubClient } from './hub-client.ts'
import { HubClientError } from './hub-client-error.ts'
import type { HubEvent } from './hub-event.ts'
import { type FeedLimits, feedLimits } from './limits.ts'
import type { FeedPage } from './readings.ts'
import { reasonFor } from './reason.ts'
import { backOff } from './retry.ts'
import type { Seen } from './seen.ts'

export interface FeedOptions {
  readonly cursorFile: CursorFile
  readonly kinds: readonly Subject[]
  /** Awaited for each event, one at a time, in the order of the log. */
  readonly handle: (event: HubEvent, signal: AbortSignal) => Promise<void>
  readonly signal: AbortSignal
  /** Spares the handler what it has handled before a crash. */
  readonly seen?: Seen
  /** `follow` (default) waits for what comes; `catch-up` ends when there is nothing more. */
  readonly until?: 'follow' | 'catch-up'
  /**
   * What an OutdatedCursor does: `stop` (default) fails with it, since a cursor of another environment looks the same
   * as one of a closed log; `restart` reads the new log from its start.
   */
  readonly outdated?: 'stop' | 'restart'
  readonly limits?: Partial<FeedLimits>
  readonly sleep?: Sleep
  readonly tell?: Tell
}

interface Reading extends FeedOptions {
  readonly client: Pick<HubClient, 'feedPage'>
  readonly limits: FeedLimits
  readonly sleep: Sleep
  readonly tell: Tell
}

/**
 * Reads the feed until the signal. The cursor moves, on disk and then at the hub, when every event of its page has been
 * handled: a crash repeats events, it never skips one. A hub that does not answer is waited for without end; an event
 * whose handler keeps failing ends the reading, because passing it over would lose it.
 * @throws HubClientError FUTURE_CURSOR, OUTDATED_CURSOR, UNAUTHORIZED, FORBIDDEN, FILE_UNREADABLE; the handler's error
 */
export async function readFeed(client: Pick<HubClient, 'feedPage'>, options: FeedOptions): Promise<void> {
  const reading: Reading = {
    ...options,
    client,
    limits: { ...feedLimits, ...options.limits },
    sleep: options.sleep ?? realSurroundings.sleep,
    tell: options.tell ?? ((): void => undefined),
  }
  const { cursorFile, signal } = reading
  let cursor = await cursorFile.read()
  while (!signal.aborted) {
    const page = await nextPage(reading, cursor)
    if (page === 'stopped') return
    if (page === 'restart') {
      cursor = undefined
      continue
    }
    for (const event of page.events) {
      if (signal.aborted) return
      if (reading.seen?.has(event) === true) continue
      if (!(await handled(reading, event))) return
      await reading.seen?.mark(event)
    }
    if (page.next !== cursor) await cursorFile.write(page.next)
    // Asked once more after the last page: that is how the hub learns that the page is safe.
    if (reading.until === 'catch-up' && page.events.length === 0) return
    cursor = page.next
  }
}

async function nextPage(reading: Reading, cursor: string | undefined): Promise<FeedPage | 'stopped' | 'restart'> {
  const { client, limits, kinds, signal, tell } = reading
  const waitSeconds = reading.until === 'catch-up' ? 0 : limits.waitSeconds
  for (let failures = 1; ; failures += 1) {
    try {
      return await client.feedPage({ after: cursor, kinds, limit: limits.pageSize, waitSeconds }, signal)
    } catch (error) {
      if (signal.aborted) return 'stopped'
      if (!(error instanceof HubClientError)) throw error
      tell('feed-failed', { code: error.code, reason: error.message, failures })
      if (error.code === 'OUTDATED_CURSOR' && reading.outdated === 'restart') {
        // The order matters: with the old numbers forgotten first, a crash in between repeats events and skips none.
        await reading.seen?.clear()
        await reading.cursorFile.clear()
        return 'restart'
      }
      if (!error.curable) throw error
      await reading.sleep(backOff(failures, 1_000, limits.longestWaitMs), signal)
      if (signal.aborted) return 'stopped'
    }
  }
}

/** False when the signal came between two tries. */
async function handled({ handle, signal, limits, sleep, tell }: Reading, event: HubEvent): Promise<boolean> {
  for (let tries = 1; ; tries += 1) {
    try {
      await handle(event, signal)
      return true
    } catch (error) {
      if (signal.aborted) return false
      tell('handler-failed', { event: event.id, hubseq: event.hubseq, tries, reason: reasonFor(error) })
      if (tries >= limits.handlerTries) throw error
      await sleep(backOff(tries, 500, limits.longestWaitMs), signal)
      if (signal.aborted) return false
    }
  }
}
