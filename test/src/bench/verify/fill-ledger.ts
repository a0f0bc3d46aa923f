import { hash, randomBytes } from 'node:crypto'
import { type NewEntry, readConfig, wire } from '@socle/gateway'
import { commitmentOf, leafText } from '@socle/schemas'

const batch = 512

/**
 * Fills a ledger up to a number of entries by the store's own append. Each entry is a leaf in its exact form over an
 * envelope of its own; no document is behind it, for an export reads none.
 */
export async function fillLedger(env: Readonly<Record<string, string>>, size: number): Promise<void> {
  const hub = await wire(readConfig(env))
  try {
    for (let at = 0; at < size; at += batch) {
      const length = Math.min(batch, size - at)
      await hub.store.append(Array.from({ length }, () => entryOf(hub.newId(), hub.clock())))
    }
  } finally {
    await hub.close()
  }
}

function entryOf(id: string, clock: Date): NewEntry {
  const at = clock.toISOString()
  const salt = randomBytes(16)
  const envelope = Buffer.from(JSON.stringify({ id, at, filler: hash('sha256', id) }))
  const seal = Buffer.from(`cachet ${id}`)
  const leaf = Buffer.from(leafText({ id, at, kind: 'doc', type: 'award' }, commitmentOf(salt, envelope), seal))
  return { id, kind: 'doc', type: 'award', at, leaf, envelope, salt, seal, effects: [] }
}
