import type { Hub } from '../hub.ts'
import type { Lease } from '../lease.ts'
import type { BusMessage } from '../ports.ts'
import { moveCursor, readPlace } from '../store/cursors.ts'
import { type Happening, readHappenings } from '../store/happenings.ts'
import { readHead } from '../store/ledger-rows.ts'
import { eventOf } from './cloud-event.ts'
import { subjects, topicOf } from './topics.ts'

/** Entries looked at, and messages sent, in one round. */
const scanned = 2_000
const sent = 200

export const relayCursor = 'relay'

/** Rounds start at least this far apart, so that a crowd of deposits shares one. */
const roundMs = 10

/** Under load the cursor is saved this often: each save is a durable write beside the deposits'. */
const saveMs = 250

/**
 * Reads the ledger in sequence and gives each document and outcome to the bus. The cursor is saved after the bus has
 * them, at once when there is nothing more to do and four times a second under load: a crash in between publishes the
 * same ids again, never loses one.
 */
export async function relay(hub: Hub, lease: Lease, signal: AbortSignal): Promise<void> {
  const { reader, writer, dialect } = hub.store
  let { position: saved } = await readPlace(reader, relayCursor)
  let savedAt = 0
  let position = saved
  while (!signal.aborted) {
    try {
      const next = await relayOnce(hub, position)
      const idle = next === position
      position = next
      if (position > saved && (idle || hub.clock().getTime() - savedAt >= saveMs)) {
        const place = { position, state: '' }
        if (!(await moveCursor(writer, dialect, { lease, place, at: hub.clock() }))) return
        hub.at('relay-moved')
        saved = position
        savedAt = hub.clock().getTime()
      }
      await (idle ? hub.recorded.wait(1_000, signal) : hub.pause(roundMs, signal))
    } catch (error) {
      hub.events.failed('relay', error)
      await hub.recorded.wait(200, signal)
    }
  }
}

/** Publishes what follows `position`; gives the position reached, the same when there is nothing new. */
async function relayOnce(hub: Hub, position: number): Promise<number> {
  const size = (await readHead(hub.store.reader))?.size ?? 0
  if (size <= position) return position
  const somebodyReads = subjects.some((subject) => hub.bus.hasReaders(topicOf(hub.config.environment, subject)))
  const end = somebodyReads ? Math.min(size, position + scanned) : size
  const happenings = somebodyReads ? await readHappenings(hub.store.reader, position, end, sent) : []
  const reached = happenings.length === sent ? (happenings[sent - 1]?.index ?? position) + 1 : end
  const messages: BusMessage[] = []
  for (const happening of happenings) messages.push(await messageOf(hub, happening))
  if (messages.length > 0) await hub.bus.publish(messages)
  hub.at('published')
  hub.events.published(messages.length, reached)
  return reached
}

async function messageOf(hub: Hub, happening: Happening): Promise<BusMessage> {
  const document = happening.what === 'document' ? happening : happening.document
  const { data, ...attributes } = await eventOf(hub, happening)
  const topic = topicOf(hub.config.environment, happening.what === 'document' ? document.kind : 'outcome')
  return {
    topic,
    key: document.consultation,
    partition: 0,
    sequence: happening.index,
    previous: -1,
    leaf: '',
    attributes: Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, String(value)])),
    data: Buffer.from(JSON.stringify(data)),
  }
}
