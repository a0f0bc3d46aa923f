import type { NewEntry, Store } from '@socle/gateway'
import { expect, test } from 'vitest'
import { anEntry } from './entries.ts'
import { indexesOf } from './ledger-view.ts'

/** Time does not go back in the log. */
export function times(storeNow: () => Store): void {
  test('a token that states an earlier time than the one logged last is not recorded, and those beside it are', async () => {
    const store = storeNow()
    const time = (seconds: number): string => new Date(1_772_352_000_000 + seconds * 1_000).toISOString()
    const tokenOf = (size: number, seconds: number): NewEntry => {
      const row = { size, signer: 'tsa', serial: String(seconds), genTime: time(seconds), accuracyMs: 1_000 }
      return anEntry({ kind: 'ts', key: `ts ${size}`, effects: [{ write: 'outside-time', row }] })
    }
    expect(indexesOf(await store.append([anEntry(), tokenOf(1, 40)]))).toEqual([0, 1])
    const frozen = tokenOf(7, 30)
    expect(indexesOf(await store.append([anEntry(), frozen, anEntry()]))).toEqual([2, 'late', 3])
    expect(indexesOf(await store.append([frozen]))).toEqual(['late'])
    expect(indexesOf(await store.append([tokenOf(4, 39)]))).toEqual([4])
    const kept = await store.reader.selectFrom('time_tokens').select(['idx', 'size']).orderBy('idx').execute()
    expect(kept).toEqual([
      { idx: 1, size: 1 },
      { idx: 4, size: 4 },
    ])
  })
}
