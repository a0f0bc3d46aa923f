import type { Store } from '@socle/gateway'
import { describe, expect, test } from 'vitest'
import { anEntry } from './entries.ts'
import { aDocument, bytesOf, eraEntry } from './erasure-entries.ts'
import { indexesOf } from './ledger-view.ts'

/** What a batch finds under the lock that its hub did not expect: a key that is damaged. */
export function damage(storeNow: () => Store): void {
  test('a consultation’s key that opens no more is told as damage, not as a store that is away', async () => {
    const store = storeNow()
    // One that an operator’s mistake, or the disk, put there: the traps allow a new row, none of another content.
    const values = { idx: 9_999, consultation: 'c', wrapped_key: Buffer.alloc(60) }
    await store.writer.insertInto('consultation_keys').values(values).execute()
    await expect(store.append([aDocument('1', 'c')])).rejects.toMatchObject({ code: 'LEDGER_DAMAGED' })
    expect(indexesOf(await store.append([aDocument('1', 'other')]))).toEqual([0])
  })
}

/** What looked at the document before the lock, and comes behind its erasure. */
export function races(storeNow: () => Store): void {
  describe('an outcome that an erasure overtook', () => {
    test.each(['in a later batch', 'in the same batch'])('keeps nothing of what it says, %s', async (when) => {
      const store = storeNow()
      const [gone, kept] = [aDocument('1', 'c'), aDocument('2', 'c')]
      await store.append([gone, kept])
      const row = { account: 'b', result: 'refused', url: 'https://x.example', reason: 'a free text' }
      const said = [gone, kept].map(({ id }, at) =>
        anEntry({ kind: 'out', key: `o${at}`, effects: [{ write: 'outcome', row: { ...row, document: id } }] }),
      )
      if (when === 'in the same batch') await store.append([eraEntry(gone.id), ...said])
      else for (const batch of [[eraEntry(gone.id)], said]) await store.append(batch)

      const { reader } = store
      const outcomes = await reader.selectFrom('outcomes').select(['url', 'reason']).orderBy('idx').execute()
      expect(outcomes).toEqual([
        { url: '', reason: '' },
        { url: row.url, reason: row.reason },
      ])
      const entries = await reader.selectFrom('entries').selectAll().where('kind', '=', 'out').orderBy('idx').execute()
      expect(entries.map(({ envelope, salt }) => envelope.length > 0 || salt.length > 0)).toEqual([false, true])
      // What the log committed to stays.
      expect(entries.map(({ leaf }) => Buffer.from(leaf).toString())).toEqual(said.map(({ id }) => `leaf of ${id}`))
      const keys = await reader.selectFrom('idempotency_keys').select('sha256').orderBy('key').execute()
      expect(keys).toEqual([{ sha256: '' }, { sha256: 'aa' }])
      expect(await bytesOf(store, kept.id)).toBe('2')
    })
  })
}
