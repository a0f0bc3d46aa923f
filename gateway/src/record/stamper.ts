import { createHash } from 'node:crypto'
import { timestampTimeOf } from '@socle/schemas'
import type { Hub } from '../hub.ts'
import type { Lease } from '../lease.ts'
import { readHead } from '../store/ledger-rows.ts'
import { record } from './record.ts'

/** Kinds with a legal deadline: stamped at once, so that the outside clock speaks within a second of the deposit. */
const urgentType = 'dume-response'

/** How soon an urgent deposit is noticed. */
const lookMs = 250

/**
 * Has the last checkpoint stamped by an outside clock (RFC 3161), every minute and at once after an urgent deposit.
 * Each token is logged too, so that every entry lies between two times that the hub did not choose.
 * The authority being down stops nothing here: the event says so and the next round stamps everything since.
 */
export async function stampCheckpoints(hub: Hub, lease: Lease, signal: AbortSignal): Promise<void> {
  let last = hub.clock().getTime()
  const urgent = createLookout(hub)
  while (!signal.aborted && lease.held()) {
    try {
      const waited = hub.clock().getTime() - last
      if (waited >= hub.config.timestampEverySeconds * 1_000 || (await urgent.waits())) {
        last = hub.clock().getTime()
        await stampNow(hub)
        urgent.stamped()
      }
      await hub.pause(lookMs, signal)
    } catch (error) {
      hub.events.failed('timestamp', error)
      await hub.pause(1_000, signal)
    }
  }
}

/** Stamps the head unless nothing but time marks came since the last token. Gives the size stamped, if any. */
export async function stampNow(hub: Hub): Promise<number | undefined> {
  const head = await readHead(hub.store.reader)
  if (!head || !(await somethingToStamp(hub))) return undefined
  const note = Buffer.from(head.checkpoint)
  const token = await hub.timestamps.stamp(note)
  const genTime = timestampTimeOf(token).toISOString()
  hub.at('stamped')
  const sha256 = createHash('sha256').update(token).digest('hex')
  await record(hub, {
    envelope: {
      v: 1,
      id: hub.newId(),
      kind: 'ts',
      type: 'rfc3161',
      environment: hub.config.environment,
      at: hub.clock().toISOString(),
      timestamp: { size: head.size, sha256, genTime },
    },
    // Two replicas that stamped the same head: one entry, one token, the first.
    idempotency: { account: '', key: `ts ${head.size}`, sha256: String(head.size) },
    effects: [{ write: 'token', size: head.size, token }],
  })
  hub.events.stamped(head.size)
  return head.size
}

/** Index of the first entry not yet under a token: the size of the last stamped checkpoint. */
export async function stampedSize(hub: Pick<Hub, 'store'>): Promise<number> {
  const row = await hub.store.reader
    .selectFrom('checkpoints')
    .select('size')
    .where('token', 'is not', null)
    .orderBy('size', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.size ?? 0
}

async function somethingToStamp(hub: Hub): Promise<boolean> {
  const since = await stampedSize(hub)
  const entry = await hub.store.reader
    .selectFrom('entries')
    .select('idx')
    .where('idx', '>=', since)
    .where('kind', '!=', 'ts')
    .limit(1)
    .executeTakeFirst()
  return entry !== undefined
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
      const documents = store.reader.selectFrom('documents').select('idx').where('kind', '=', urgentType)
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
