import { fromBase64, leafHash, type NoteVerifier, openCheckpoint, rootFromPath } from '@socle/schemas'
import type { Appended, NewEntry, Store } from '@socle/gateway'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { anEntry, documentEffect } from './entries.ts'

/** One place where a ledger lives, empty at first, and any number of stores open on it. */
export interface StorePlace {
  open(): Promise<Store>
  readonly logKey: NoteVerifier
  dispose(): Promise<void>
}

type Recorded = Appended & { readonly result: 'recorded' }

/** What every Store adapter must do. The numbers in the expectations are the contract: from 0, without a gap, in order. */
export function storeContract(name: string, newPlace: () => Promise<StorePlace>): void {
  describe(`the store contract: ${name}`, () => {
    let place: StorePlace
    let store: Store

    beforeEach(async () => {
      place = await newPlace()
      store = await place.open()
    })

    afterEach(async () => {
      await store.close()
      await place.dispose()
    })

    async function sizeIn(one: Store): Promise<number> {
      return (await one.reader.selectFrom('ledger_head').select('size').executeTakeFirst())?.size ?? 0
    }

    async function idsIn(one: Store): Promise<string[]> {
      const rows = await one.reader.selectFrom('entries').select(['idx', 'id']).orderBy('idx').execute()
      rows.forEach((row, i) => expect(row.idx).toBe(i))
      return rows.map(({ id }) => id)
    }

    function proves(entry: NewEntry, appended: Appended | undefined): void {
      if (appended?.result !== 'recorded') throw new Error(`not recorded: ${appended?.result}`)
      const { index, size, path, checkpoint } = appended
      const head = openCheckpoint(checkpoint, [place.logKey])
      expect(head.size).toBe(size)
      const hashes = path.map((text) => fromBase64(text, 32))
      expect(Buffer.from(rootFromPath(leafHash(entry.leaf), { index, size }, hashes))).toEqual(Buffer.from(head.root))
    }

    const indexesOf = (appended: readonly Appended[]): unknown[] =>
      appended.map((one) => (one.result === 'key-reused' ? one.result : one.index))

    test('numbers go on from batch to batch without a gap, whatever the kinds', async () => {
      const kinds = ['cfg', 'doc', 'rej', 'dlv', 'out', 'ts', 'era'] as const
      const batches = [1, 3, 2, 7].map((size) =>
        Array.from({ length: size }, (_, i) => anEntry({ kind: kinds[i % kinds.length] ?? 'cfg' })),
      )
      let next = 0
      for (const batch of batches) {
        expect(indexesOf(await store.append(batch))).toEqual(batch.map(() => next++))
        expect(await sizeIn(store)).toBe(next)
      }
      expect(await idsIn(store)).toEqual(batches.flat().map(({ id }) => id))
    })

    test('an append of nothing is nothing', async () => {
      expect(await store.append([])).toEqual([])
      expect(await sizeIn(store)).toBe(0)
    })

    test('each result proves its leaf under a signed checkpoint, also across the 256 leaves of a tile', async () => {
      for (const size of [1, 254, 1, 1, 2, 260]) {
        const batch = Array.from({ length: size }, () => anEntry())
        const appended = await store.append(batch)
        batch.forEach((entry, i) => proves(entry, appended[i]))
        const [first] = appended
        const kept = await store.reader.selectFrom('checkpoints').selectAll().orderBy('size', 'desc').executeTakeFirst()
        expect(kept?.note).toBe((first as Recorded).checkpoint)
      }
    })

    test('the first bytes under a key win, in the same batch and in a later one', async () => {
      const first = anEntry({ key: 'k', sha256: 'aa' })
      const same = anEntry({ key: 'k', sha256: 'aa' })
      const other = anEntry({ key: 'k', sha256: 'bb' })
      const free = anEntry({ key: 'k2' })
      expect(indexesOf(await store.append([anEntry(), first, same, other, free]))).toEqual([0, 1, 1, 'key-reused', 2])
      const again = await store.append([other, same, anEntry()])
      expect(again.map(({ result }) => result)).toEqual(['key-reused', 'replayed', 'recorded'])
      expect(indexesOf(again)).toEqual(['key-reused', 1, 3])
      expect(await sizeIn(store)).toBe(4)
      expect((await store.append([same])).map(({ result }) => result)).toEqual(['replayed'])
      expect(await sizeIn(store)).toBe(4)
    })

    test('the keys of one account are not those of another', async () => {
      const results = await store.append([
        anEntry({ account: 'profil-a', key: 'k', sha256: 'aa' }),
        anEntry({ account: 'profil-b', key: 'k', sha256: 'bb' }),
      ])
      expect(indexesOf(results)).toEqual([0, 1])
    })

    test.each([
      ['an id that exists', (known: string) => [anEntry({ id: known })]],
      ['an id twice in the batch', () => [anEntry({ id: 'twice' }), anEntry({ id: 'twice' })]],
      ['rows that cannot be written', () => [anEntry({ effects: [documentEffect('a'), documentEffect('b')] })]],
    ])('%s rolls the whole batch back, and the next one takes its numbers', async (_, bad) => {
      const known = anEntry()
      await store.append([known])
      const before = await store.reader.selectFrom('ledger_head').selectAll().executeTakeFirst()
      const good = anEntry({ kind: 'doc', key: 'k', effects: [documentEffect('good')] })
      await expect(store.append([good, ...bad(known.id)])).rejects.toThrow()
      expect(await store.reader.selectFrom('ledger_head').selectAll().executeTakeFirst()).toEqual(before)
      expect(await idsIn(store)).toEqual([known.id])
      for (const table of ['documents', 'idempotency_keys'] as const)
        expect(await store.reader.selectFrom(table).selectAll().execute()).toEqual([])
      const [after] = await store.append([good])
      expect(after).toMatchObject({ result: 'recorded', index: 1 })
      proves(good, after)
    })

    test('rows become visible with their entry, and a document delivered twice keeps its first entry', async () => {
      const document = anEntry({ kind: 'doc', effects: [documentEffect('bytes')] })
      await store.append([document])
      const row = await store.reader.selectFrom('documents').selectAll().executeTakeFirstOrThrow()
      expect(row).toMatchObject({ idx: 0, id: document.id, size: 5 })
      expect(Buffer.from(row.content).toString()).toBe('bytes')
      const delivery = { write: 'delivery', documents: [document.id], recipient: 'profil-b', channel: 'feed' } as const
      const moves = (position: number) => ({ write: 'cursor', name: 'feed/profil-b', position }) as const
      await store.append([anEntry({ kind: 'dlv', effects: [delivery, moves(1)] })])
      await store.append([anEntry({ kind: 'dlv', effects: [delivery, moves(2)] })])
      expect(await store.reader.selectFrom('deliveries').select(['document', 'idx']).execute()).toEqual([
        { document: document.id, idx: 1 },
      ])
      expect(await store.reader.selectFrom('cursors').select('position').execute()).toEqual([{ position: 2 }])
    })

    test('a token goes with the checkpoint that it dates', async () => {
      await store.append([anEntry(), anEntry()])
      const token = Buffer.from('token')
      await store.append([anEntry({ kind: 'ts', effects: [{ write: 'token', size: 2, token }] })])
      const rows = await store.reader.selectFrom('checkpoints').select(['size', 'token']).orderBy('size').execute()
      expect(rows.map((row) => [row.size, row.token && Buffer.from(row.token).toString()])).toEqual([
        [2, 'token'],
        [3, null],
      ])
    })

    test('a store opened again goes on where it stood', async () => {
      const batch = [anEntry({ key: 'k' }), anEntry(), anEntry()]
      await store.append(batch)
      await store.close()
      store = await place.open()
      const next = [anEntry({ key: 'k' }), anEntry()]
      const appended = await store.append(next)
      expect(indexesOf(appended)).toEqual([0, 3])
      proves(next[1] ?? anEntry(), appended[1])
      expect((await idsIn(store)).slice(0, 3)).toEqual(batch.map(({ id }) => id))
    })

    test('two stores in turn never fork and each reads what the other appended', async () => {
      const other = await place.open()
      try {
        const ids: string[] = []
        for (let turn = 0; turn < 8; turn++) {
          const batch = [anEntry(), anEntry({ key: `k${turn % 3}` })]
          const appended = await (turn % 2 === 0 ? store : other).append(batch)
          batch.forEach((entry, i) => {
            if (appended[i]?.result !== 'recorded') return
            proves(entry, appended[i])
            ids.push(entry.id)
          })
          expect(await idsIn(store)).toEqual(ids)
          expect(await idsIn(other)).toEqual(ids)
        }
        // Three keys only: the repeats came to the other store and were known there.
        expect(ids.length).toBe(8 + 3)
      } finally {
        await other.close()
      }
    })

    test('two stores at once give each number once, and a key to one of them only', async () => {
      const other = await place.open()
      try {
        const results = await Promise.all(
          Array.from({ length: 40 }, async (_, i) => {
            const entries = [anEntry(), anEntry({ key: `k${i >> 1}`, sha256: String(i % 2) })]
            const appended = await (i % 2 === 0 ? store : other).append(entries)
            entries.forEach((entry, at) => {
              if (appended[at]?.result === 'recorded') proves(entry, appended[at])
            })
            return appended
          }),
        )
        const fresh = results.flat().filter((one) => one.result === 'recorded')
        const numbers = fresh.map((one) => one.index).toSorted((a, b) => a - b)
        expect(numbers).toEqual(Array.from({ length: 60 }, (_, i) => i))
        expect(results.flat().filter((one) => one.result === 'key-reused').length).toBe(20)
        expect((await idsIn(store)).length).toBe(60)
      } finally {
        await other.close()
      }
    })

    test('a statement beside the ledger is visible once it resolved, and the reader writes nothing', async () => {
      const values = { name: 'relay', position: 7, at: '2026-03-01T08:00:00.000Z' }
      await store.writer.insertInto('cursors').values(values).execute()
      expect(await store.reader.selectFrom('cursors').selectAll().execute()).toEqual([values])
      await expect(
        store.reader
          .insertInto('cursors')
          .values({ ...values, name: 'x' })
          .execute(),
      ).rejects.toThrow()
    })
  })
}
