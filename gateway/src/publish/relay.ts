import { leafHash } from '@socle/schemas'
import type { Hub } from '../hub.ts'
import type { Lease } from '../lease.ts'
import type { BusMessage } from '../ports.ts'
import { moveCursor, readPlace } from '../store/cursors.ts'
import { type Happening, readHappenings } from '../store/happenings.ts'
import { readHead } from '../store/ledger-rows.ts'
import { extend, formatChain, parseStanding, type Standing } from './chain.ts'
import { eventOf } from './cloud-event.ts'
import { partitionOf } from './partition.ts'
import { subjects, topicOf } from './topics.ts'

/** Entries looked at, and messages sent, in one round. */
const scanned = 2_000
const sent = 200

/** Canonical forms derived at once, where another replica accepted the document; each holds its bytes meanwhile. */
const derived = 4

export const relayCursor = 'relay'

/**
 * Rest between rounds, so that a crowd of deposits shares one: on Kafka each round costs a request a partition. From 20
 * to 40 ms the brokers' processor time a document fell by a quarter and the gateway's by a tenth (at 400 a second).
 */
const roundMs = 40

/** Under load the cursor is saved this often: each save is a durable write beside the deposits'. */
const saveMs = 250

/** Whether there is news is asked this often; entries of this process announce themselves, those of replicas do not. */
const quietMs: { readonly sqlite: number; readonly postgres: number } = { sqlite: 1_000, postgres: 20 }

/** After a failure; and how often one is reported while it lasts. */
const againMs = 200
const reportMs = 5_000

/**
 * Reads the ledger in sequence and gives each document, outcome and erasure to the bus. The cursor is saved after the bus has
 * them, at once when there is nothing more to do, four times a second under load and at the end, with the chain in the
 * same statement: a crash in between publishes the same messages again, each with the same predecessor, never loses one.
 * Returns when the lease has passed on: what this process remembers is then void.
 */
export async function relay(hub: Hub, lease: Lease, signal: AbortSignal): Promise<void> {
  const { reader, writer, dialect } = hub.store
  // Consumers drop numbers that they have seen: a ledger that gives them again must not be published.
  await hub.continuity.busCompared(signal)
  let standing = parseStanding(await readPlace(reader, relayCursor), hub.bus.partitions)
  let saved = standing.position
  let savedAt = 0
  let reportedAt = Number.NEGATIVE_INFINITY

  async function save(): Promise<'saved' | 'lease-over'> {
    if (standing.position === saved) return 'saved'
    const place = { position: standing.position, state: formatChain(standing.chain) }
    if (!(await moveCursor(writer, dialect, { lease, place, at: hub.clock() }))) return 'lease-over'
    hub.at('relay-moved')
    saved = standing.position
    savedAt = performance.now()
    return 'saved'
  }

  while (!signal.aborted) {
    try {
      const next = await relayOnce(hub, lease, standing)
      if (next === 'lease-over') return
      const idle = next.position === standing.position
      standing = next
      if ((idle || performance.now() - savedAt >= saveMs) && (await save()) === 'lease-over') return
      await (idle ? hub.recorded.wait(quietMs[dialect], signal) : hub.pause(roundMs, signal))
    } catch (error) {
      if (performance.now() - reportedAt >= reportMs) {
        hub.events.failed('relay', error)
        reportedAt = performance.now()
      }
      await hub.pause(againMs, signal)
    }
  }
  // Spares the next holder what it would publish again; if this fails it does, which is no harm.
  await save().catch(() => undefined)
}

/** Publishes what follows; gives the standing reached, the same position when there is nothing new. */
async function relayOnce(hub: Hub, lease: Lease, standing: Standing): Promise<Standing | 'lease-over'> {
  const { position, chain } = standing
  const size = (await readHead(hub.store.reader))?.size ?? 0
  if (size <= position) return standing
  const somebodyReads = subjects.some((subject) => hub.bus.hasReaders(topicOf(hub.config.environment, subject)))
  const end = somebodyReads ? Math.min(size, position + scanned) : size
  const happenings = somebodyReads ? await readHappenings(hub.store.reader, position, end, sent) : []
  const reached = happenings.length === sent ? (happenings[sent - 1]?.index ?? position) + 1 : end
  const { linked, chain: longer } = extend(chain, await unlinkedOf(hub, happenings))
  // Asked here, after everything that can take long: who was frozen finds out before he speaks.
  if (!lease.held()) return 'lease-over'
  if (linked.length > 0) await hub.bus.publish(linked)
  hub.at('published')
  hub.events.published(linked.length, reached)
  return { position: reached, chain: longer }
}

type Unlinked = Omit<BusMessage, 'previous'>

async function unlinkedOf(hub: Hub, happenings: readonly Happening[]): Promise<readonly Unlinked[]> {
  const messages: Unlinked[] = []
  for (let from = 0; from < happenings.length; from += derived) {
    const some = happenings.slice(from, from + derived)
    messages.push(...(await Promise.all(some.map(async (happening) => await messageOf(hub, happening)))))
  }
  return messages
}

async function messageOf(hub: Hub, happening: Happening): Promise<Unlinked> {
  const document = happening.what === 'document' ? happening : happening.document
  const { data, ...attributes } = await eventOf(hub, happening)
  return {
    topic: topicOf(hub.config.environment, happening.what === 'outcome' ? 'outcome' : document.kind),
    key: document.consultation,
    partition: partitionOf(document.consultation, hub.bus.partitions),
    sequence: happening.index,
    leaf: leafHash(happening.leaf).toString('hex'),
    attributes: { ...attributes, hubseq: String(attributes.hubseq) },
    data: Buffer.from(JSON.stringify(data)),
  }
}
