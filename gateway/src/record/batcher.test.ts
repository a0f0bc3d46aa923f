import { expect, test } from 'vitest'
import type { Appended, NewEntry } from './entry.ts'
import { createBatcher } from './batcher.ts'

const limits = { maxQueuedEntries: 10, maxQueuedBytes: 1_000_000 }
const start = Date.parse('2026-03-01T08:00:00.000Z')

function entryAt(time: number): NewEntry {
  const bytes = Buffer.from('x')
  const at = new Date(time).toISOString()
  return { id: at, kind: 'cfg', type: 't', at, leaf: bytes, envelope: bytes, salt: bytes, effects: [] }
}

const recorded = (index: number): Appended => ({
  result: 'recorded',
  first: 0,
  index,
  size: index + 1,
  path: [],
  checkpoint: '',
})

test('an entry whose time was over before its turn came is refused, and those beside it go on', async () => {
  let now = start
  const appended: string[] = []
  const append = async (entries: readonly NewEntry[]): Promise<readonly Appended[]> => {
    appended.push(...entries.map(({ at }) => at))
    // The first batch is under way for as long as a frozen process, or a store that is away.
    if (appended.length === 1) now += 40_000
    return await Promise.resolve(entries.map((_, i) => recorded(i)))
  }
  const batcher = createBatcher({ append }, limits, () => new Date(now))
  const first = batcher.append(entryAt(start))
  await new Promise((resolve) => setImmediate(resolve))
  const old = batcher.append(entryAt(start + 1))
  const young = batcher.append(entryAt(start + 31_000))
  expect(await first).toMatchObject({ result: 'recorded' })
  await expect(old).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
  expect(await young).toMatchObject({ result: 'recorded' })
  expect(appended).toEqual([start, start + 31_000].map((time) => new Date(time).toISOString()))
})

test('an entry that the ledger found late is refused, to be sent again', async () => {
  const append = async (): Promise<readonly Appended[]> => await Promise.resolve([{ result: 'late' }, recorded(0)])
  const batcher = createBatcher({ append }, limits, () => new Date(start))
  const [late, other] = [batcher.append(entryAt(start)), batcher.append(entryAt(start))]
  await expect(late).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
  expect(await other).toMatchObject({ result: 'recorded' })
})
