import type { Hub } from '../hub.ts'
import { readHead } from '../store/ledger-rows.ts'
import type { Range } from '../store/losses.ts'
import type { NewEntry } from './entry.ts'
import { seal } from './record.ts'

/** Entries a transaction. */
const atOnce = 256

/**
 * Goes on behind a loss that nobody can mend. The first entry, kind `cfg`, says which numbers were lost; each of them that
 * is free is then taken by an entry that says the same, so that no number ever stands for two documents: whoever saw
 * entry 412 of the lost log and drops what he has seen (schemas/spec/kafka.md) misses nothing of this one.
 * A crash in between leaves a ledger that is still behind: the same command goes on from there.
 * @returns the size reached
 */
export async function acceptLoss(hub: Hub, lost: Range): Promise<number> {
  let size = (await readHead(hub.store.reader))?.size ?? 0
  const end = Math.max(lost.to, size + 1)
  while (size < end) {
    const entries: NewEntry[] = []
    for (let index = size; index < Math.min(end, size + atOnce); index++) entries.push(await lossEntry(hub, lost))
    // Each batch says what it covers, so that what was done of it stays good.
    const [first, ...rest] = entries
    if (!first) break
    await hub.store.append([{ ...first, effects: [{ write: 'loss', ...lost }] }, ...rest])
    size = (await readHead(hub.store.reader))?.size ?? 0
  }
  return size
}

async function lossEntry(hub: Hub, { from, to }: Range): Promise<NewEntry> {
  const sealed = await seal(hub, {
    envelope: {
      v: 1,
      id: hub.newId(),
      kind: 'cfg',
      type: 'ledger-loss',
      environment: hub.config.environment,
      at: hub.clock().toISOString(),
      change: { loss: { from, to } },
    },
  })
  return sealed.entry
}
