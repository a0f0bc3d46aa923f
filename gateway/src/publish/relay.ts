import type { Hub } from '../hub.ts'
import type { BusMessage } from '../ports.ts'
import { readCursor, writeCursor } from '../store/cursors.ts'
import { type Happening, readHappenings } from '../store/happenings.ts'
import { readHead } from '../store/ledger-rows.ts'
import { eventOf } from './cloud-event.ts'
import { subjects, topicOf } from './topics.ts'

/** Entries looked at, and messages sent, in one round. */
const scanned = 2_000
const sent = 200

export const relayCursor = 'relay'

/**
 * Reads the ledger in sequence and gives each document and outcome to the bus. The cursor moves after the bus has them:
 * a crash between the two publishes the same ids again, never loses one.
 */
export async function relay(hub: Hub, signal: AbortSignal): Promise<void> {
  let position = await readCursor(hub.store.reader, relayCursor)
  while (!signal.aborted) {
    try {
      const next = await relayOnce(hub, position)
      if (next === position) await hub.recorded.wait(1_000, signal)
      else position = next
    } catch (error) {
      hub.events.failed('relay', error)
      await hub.recorded.wait(200, signal)
    }
  }
}

/** Publishes what follows `position`; gives the position reached, the same when there is nothing new. */
export async function relayOnce(hub: Hub, position: number): Promise<number> {
  const size = (await readHead(hub.store.reader))?.size ?? 0
  const end = Math.min(size, position + scanned)
  if (end <= position) return position
  const nobodyReads = !subjects.some((subject) => hub.bus.hasReaders(topicOf(hub.config.environment, subject)))
  const happenings = nobodyReads ? [] : await readHappenings(hub.store.reader, position, end, sent)
  const reached = happenings.length === sent ? (happenings[sent - 1]?.index ?? position) + 1 : end
  const messages: BusMessage[] = []
  for (const happening of happenings) messages.push(await messageOf(hub, happening))
  if (messages.length > 0) await hub.bus.publish(messages)
  hub.at('published')
  await writeCursor(hub.store.writer, relayCursor, reached, hub.clock())
  hub.at('relay-moved')
  hub.events.published(messages.length, reached)
  return reached
}

async function messageOf(hub: Hub, happening: Happening): Promise<BusMessage> {
  const document = happening.what === 'document' ? happening : happening.document
  const event = Buffer.from(JSON.stringify(await eventOf(hub, happening)))
  const topic = topicOf(hub.config.environment, happening.what === 'document' ? document.kind : 'outcome')
  return { topic, key: document.consultation, sequence: happening.index, event }
}
