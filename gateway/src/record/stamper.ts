import { createHash } from 'node:crypto'
import { driftOf, parseCheckpointText, parseNote } from '@socle/schemas'
import type { Hub } from '../hub.ts'
import type { Lease } from '../lease.ts'
import { readHead } from '../store/ledger-rows.ts'
import { readEndsAfter } from '../store/shards.ts'
import { readOldestUnstamped, readStampedSize } from '../store/time-tokens.ts'
import { type GoodToken, judgeToken } from './judge-token.ts'
import { LogEndedError } from './ledger-errors.ts'
import { urgentKind } from './outage.ts'
import { record, type Statement } from './record.ts'
import { createSealStamper } from './seal-token-stamper.ts'

/** How soon an urgent deposit is noticed. */
const lookMs = 250

/** After a failure: the next try, at the latest. Urgent deposits are tried for again after a second. */
const retryMs = 30_000

/** From here on somebody should look at our clock: well before tokens are refused for it (HUB_TSA_WINDOW). */
const driftAlarmMs = 5_000

/**
 * Has the last checkpoint stamped by an outside clock (RFC 3161), every minute and at once after an urgent deposit.
 * Each token is logged too, so that every entry lies between two times that the hub did not choose.
 * The authorities being away stops nothing here: the event says so, the next round stamps everything since, and for how
 * long deposits go on without is said in `outage.ts`.
 */
export async function stampCheckpoints(hub: Hub, lease: Lease, signal: AbortSignal): Promise<void> {
  const everyMs = hub.config.timestampEverySeconds * 1_000
  const urgent = createLookout(hub)
  const seals = createSealStamper(hub)
  let dueAt: number | undefined
  while (lease.held()) {
    await hub.pause(lookMs, signal)
    if (signal.aborted) return
    try {
      dueAt ??= performance.now() + everyMs - (await waitedMs(hub))
      if (performance.now() >= dueAt || (await urgent.waits())) {
        await stampNow(hub)
        dueAt = performance.now() + everyMs
        urgent.stamped()
        seals.wake()
      }
    } catch (error) {
      hub.events.failed('timestamp', error)
      dueAt = performance.now() + Math.min(everyMs, retryMs)
      await hub.pause(1_000, signal)
    }
    await seals.work(() => lease.held() && !signal.aborted)
  }
}

/** How long the oldest entry without a token has waited already: a hub that starts again need not let it wait anew. */
async function waitedMs({ store, clock }: Hub): Promise<number> {
  const oldest = await readOldestUnstamped(store.reader)
  return oldest ? Math.max(0, clock().getTime() - oldest.getTime()) : 0
}

/**
 * Stamps the head unless nothing but time marks came since the last token; before it the end of a log that was handed over,
 * whose last entries no checkpoint of the next log covers. Nothing is logged but a token that passed every check.
 * @returns the size stamped, of the ledger, if any
 * @throws LogEndedError; Error when no good token can be had
 */
export async function stampNow(hub: Hub): Promise<number | undefined> {
  const { reader } = hub.store
  const head = await readHead(reader)
  if (!head || !(await somethingToStamp(hub))) return undefined
  // Its `ts` entry could not be logged: no authority is asked in vain.
  const current = originOf(head.checkpoint)
  if (current !== hub.config.logOrigin) throw new LogEndedError(hub.config.logOrigin, current)
  for (const ended of await readEndsAfter(reader, await readStampedSize(reader))) await stamp(hub, ended)
  const token = await stamp(hub, { size: head.size, note: head.checkpoint })
  await hub.outage.look()
  await keepApart(hub, head.checkpoint, token)
  return head.size
}

/** A checkpoint by its row. */
interface Target {
  /** Of the ledger. */
  readonly size: number
  readonly note: string
}

async function stamp(hub: Hub, { size, note }: Target): Promise<Uint8Array> {
  await hub.continuity.publishing(note)
  const bytes = Buffer.from(note)
  const from = hub.clock()
  const token = await hub.timestamps.stamp(bytes, async (one) => void (await judgeToken(hub, bytes, one)))
  const good = await judgeToken(hub, bytes, token)
  const aheadMs = driftOf(good, from, hub.clock())
  hub.at('stamped')
  await record(hub, statementOf(hub, { size, note, token, stamp: good }))
  hub.events.stamped(size, aheadMs)
  if (Math.abs(aheadMs) > driftAlarmMs)
    hub.events.failed('clock', new Error(`the outside clock is ${aheadMs} ms ahead of ours (behind: negative)`))
  return token
}

function originOf(note: string): string {
  return note.split('\n', 1)[0] ?? ''
}

/** What it tells after a rollback is told by others too: failing here, the stamp is no less good. */
async function keepApart(
  { continuity, events }: Pick<Hub, 'continuity' | 'events'>,
  note: string,
  token: Uint8Array,
): Promise<void> {
  await continuity.keepStamped(note, token).catch((error: unknown) => events.failed('last-checkpoint', error))
}

function statementOf(
  hub: Hub,
  { size, note, token, stamp }: Target & { token: Uint8Array; stamp: GoodToken },
): Statement {
  const stamped = parseCheckpointText(parseNote(note).text)
  const isOurs = stamped.origin === hub.config.logOrigin
  const sha256 = createHash('sha256').update(token).digest('hex')
  const genTime = stamp.time.toISOString()
  const { signer, serial, accuracyMs } = stamp
  return {
    envelope: {
      v: 1,
      id: hub.newId(),
      kind: 'ts',
      type: 'rfc3161',
      environment: hub.config.environment,
      at: hub.clock().toISOString(),
      timestamp: { size: stamped.size, ...(isOurs ? {} : { origin: stamped.origin }), sha256, genTime },
    },
    // Two replicas that stamped the same head: one entry, one token, the first.
    idempotency: { account: '', key: `ts ${size}`, sha256: String(size) },
    effects: [
      { write: 'token', size, token },
      { write: 'outside-time', row: { size, signer, serial, genTime, accuracyMs } },
    ],
  }
}

/** Index of the first entry not yet under a token: the size of the last stamped checkpoint. */
export async function stampedSize({ store }: Pick<Hub, 'store'>): Promise<number> {
  return await readStampedSize(store.reader)
}

async function somethingToStamp({ store }: Hub): Promise<boolean> {
  return (await readOldestUnstamped(store.reader)) !== undefined
}

interface Lookout {
  /** Whether an urgent deposit waits for a token. */
  waits(): Promise<boolean>
  stamped(): void
}

/**
 * Looks at each document once: while the authority is away for hours, what waits is not looked through four times a
 * second. Starts at the last token; one found stays found until a token covers it.
 */
function createLookout({ store }: Pick<Hub, 'store'>): Lookout {
  let from: number | undefined
  let found = false
  return {
    async waits() {
      from ??= await stampedSize({ store })
      const to = (await readHead(store.reader))?.size ?? 0
      if (from >= to) return found
      const documents = store.reader.selectFrom('documents').select('idx').where('kind', '=', urgentKind)
      const one = documents.where('idx', '>=', from).where('idx', '<', to).limit(1)
      found = (await one.executeTakeFirst()) !== undefined || found
      from = to
      return found
    },
    stamped() {
      found = false
    },
  }
}
