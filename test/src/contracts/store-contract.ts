import type { KeyObject } from 'node:crypto'
import { fromBase64, leafHash, type NoteVerifier, openCheckpoint, rootFromPath } from '@socle/schemas'
import type { Appended, NewEntry, Store } from '@socle/gateway'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { anEntry, documentEffect } from './entries.ts'
import { erasure } from './erasure-contract.ts'
import { handOvers, handOversUnderLoad } from './hand-over-contract.ts'
import { idsIn, indexesOf, sizeIn } from './ledger-view.ts'
import { readsBack } from './read-back-contract.ts'
import { rows } from './rows-contract.ts'
import { signedOnce } from './signed-once.ts'
import { times } from './times-contract.ts'

/** One place where a ledger lives, empty at first, and any number of stores open on it. */
export interface StorePlace {
  /** @param log another than the place's first: the one that a hand-over began */
  open(log?: { readonly origin: string; readonly logKey: KeyObject }): Promise<Store>
  readonly logKey: NoteVerifier
  /** Runs statements beside every store, as somebody with every right. */
  beside(statements: string): Promise<unknown>
  dispose(): Promise<void>
}

/** A new place and a store on it for each test. */
interface Open {
  place: StorePlace
  store: Store
}

/** What every Store adapter must do. The numbers in the expectations are the contract: from 0, without a gap, in order. */
export function storeContract(name: string, newPlace: () => Promise<StorePlace>): void {
  describe(`the store contract: ${name}`, () => {
    // Filled before each test; only read inside them.
    const at = {} as Open
    beforeEach(async () => {
      at.place = await newPlace()
      at.store = await at.place.open()
    })
    afterEach(async () => {
      await at.store.close()
      await at.place.dispose()
    })
    numbering(at)
    keys(at)
    atomicity(at)
    rows(at)
    times(() => at.store)
    erasure(() => at.store)
    sharing(at)
    handOvers(at)
    handOversUnderLoad(at)
    readsBack(at)
  })
}

function proves({ place }: Open, entry: NewEntry, appended: Appended | undefined): void {
  if (appended?.result !== 'recorded') throw new Error(`not recorded: ${appended?.result}`)
  const { index, size, path, checkpoint } = appended
  const head = openCheckpoint(checkpoint, [place.logKey])
  expect(head.size).toBe(size)
  const hashes = path.map((text) => fromBase64(text, 32))
  expect(Buffer.from(rootFromPath(leafHash(entry.leaf), { index, size }, hashes))).toEqual(Buffer.from(head.root))
}

/** From 0, without a gap, each number proved. */
function numbering(at: Open): void {
  test('numbers go on from batch to batch without a gap, whatever the kinds', async () => {
    const kinds = ['cfg', 'doc', 'rej', 'dlv', 'out', 'ts', 'era'] as const
    const batches = [1, 3, 2, 7].map((size) =>
      Array.from({ length: size }, (_, i) => anEntry({ kind: kinds[i % kinds.length] ?? 'cfg' })),
    )
    let next = 0
    for (const batch of batches) {
      expect(indexesOf(await at.store.append(batch))).toEqual(batch.map(() => next++))
      expect(await sizeIn(at.store)).toBe(next)
    }
    expect(await idsIn(at.store)).toEqual(batches.flat().map(({ id }) => id))
  })

  test('an append of nothing is nothing', async () => {
    expect(await at.store.append([])).toEqual([])
    expect(await sizeIn(at.store)).toBe(0)
  })

  test('each result proves its leaf under a signed checkpoint, also across the 256 leaves of a tile', async () => {
    for (const size of [1, 254, 1, 1, 2, 260]) {
      const batch = Array.from({ length: size }, () => anEntry())
      const appended = await at.store.append(batch)
      batch.forEach((entry, i) => proves(at, entry, appended[i]))
      const [first] = appended
      const kept = await at.store.reader
        .selectFrom('checkpoints')
        .selectAll()
        .orderBy('size', 'desc')
        .executeTakeFirst()
      expect(first).toMatchObject({ checkpoint: kept?.note })
    }
  })

  test('a store opened again goes on where it stood', async () => {
    const batch = [anEntry({ key: 'k' }), anEntry(), anEntry()]
    await at.store.append(batch)
    await at.store.close()
    at.store = await at.place.open()
    const next = [anEntry({ key: 'k' }), anEntry()]
    const appended = await at.store.append(next)
    expect(indexesOf(appended)).toEqual([0, 3])
    proves(at, next[1] ?? anEntry(), appended[1])
    expect((await idsIn(at.store)).slice(0, 3)).toEqual(batch.map(({ id }) => id))
  })
}

/** Decided inside the transaction. */
function keys(at: Open): void {
  test('the first bytes under a key win, in the same batch and in a later one', async () => {
    const first = anEntry({ key: 'k', sha256: 'aa' })
    const same = anEntry({ key: 'k', sha256: 'aa' })
    const other = anEntry({ key: 'k', sha256: 'bb' })
    const free = anEntry({ key: 'k2' })
    expect(indexesOf(await at.store.append([anEntry(), first, same, other, free]))).toEqual([0, 1, 1, 'key-reused', 2])
    const again = await at.store.append([other, same, anEntry()])
    expect(again.map(({ result }) => result)).toEqual(['key-reused', 'replayed', 'recorded'])
    expect(indexesOf(again)).toEqual(['key-reused', 1, 3])
    expect(await sizeIn(at.store)).toBe(4)
    expect((await at.store.append([same])).map(({ result }) => result)).toEqual(['replayed'])
    expect(await sizeIn(at.store)).toBe(4)
  })

  test('the keys of one account are not those of another', async () => {
    const results = await at.store.append([
      anEntry({ account: 'profil-a', key: 'k', sha256: 'aa' }),
      anEntry({ account: 'profil-b', key: 'k', sha256: 'bb' }),
    ])
    expect(indexesOf(results)).toEqual([0, 1])
  })
}

/** All of a batch or nothing of it. */
function atomicity(at: Open): void {
  test.each([
    ['an id that exists', (known: string) => [anEntry({ id: known })]],
    ['an id twice in the batch', () => [anEntry({ id: 'twice' }), anEntry({ id: 'twice' })]],
    ['rows that cannot be written', () => [anEntry({ effects: [documentEffect('a'), documentEffect('b')] })]],
  ])('%s rolls the whole batch back, and the next one takes its numbers', async (_, bad) => {
    const known = anEntry()
    await at.store.append([known])
    const before = await at.store.reader.selectFrom('ledger_head').selectAll().executeTakeFirst()
    const good = anEntry({ kind: 'doc', key: 'k', effects: [documentEffect('good')] })
    await expect(at.store.append([good, ...bad(known.id)])).rejects.toThrow()
    expect(await at.store.reader.selectFrom('ledger_head').selectAll().executeTakeFirst()).toEqual(before)
    expect(await idsIn(at.store)).toEqual([known.id])
    for (const table of ['documents', 'idempotency_keys'] as const)
      expect(await at.store.reader.selectFrom(table).selectAll().execute()).toEqual([])
    const [after] = await at.store.append([good])
    expect(after).toMatchObject({ result: 'recorded', index: 1 })
    proves(at, good, after)
  })
}

/** Several writers on one ledger. */
function sharing(at: Open): void {
  test('two stores in turn never fork and each reads what the other appended', async () => {
    const other = await at.place.open()
    try {
      const ids: string[] = []
      for (let turn = 0; turn < 8; turn++) {
        const batch = [anEntry(), anEntry({ key: `k${turn % 3}` })]
        const appended = await (turn % 2 === 0 ? at.store : other).append(batch)
        batch.forEach((entry, i) => {
          if (appended[i]?.result !== 'recorded') return
          proves(at, entry, appended[i])
          ids.push(entry.id)
        })
        expect(await idsIn(at.store)).toEqual(ids)
        expect(await idsIn(other)).toEqual(ids)
      }
      // Three keys only: the repeats came to the other store and were known there.
      expect(ids.length).toBe(8 + 3)
    } finally {
      await other.close()
    }
  })

  test('stores at once, from the first entry on, give each number once, and a key to one of them only', async () => {
    const others = await Promise.all(Array.from({ length: 3 }, async () => await at.place.open()))
    const stores = [at.store, ...others]
    try {
      const results = await Promise.all(
        Array.from({ length: 40 }, async (_, i) => {
          const entries = [anEntry(), anEntry({ key: `k${i >> 1}`, sha256: String(i % 2) })]
          const appended = (await stores[i % stores.length]?.append(entries)) ?? []
          entries.forEach((entry, place) => {
            if (appended[place]?.result === 'recorded') proves(at, entry, appended[place])
          })
          return appended
        }),
      )
      const fresh = results.flat().filter((one) => one.result === 'recorded')
      const numbers = fresh.map((one) => one.index).toSorted((a, b) => a - b)
      expect(numbers).toEqual(Array.from({ length: 60 }, (_, i) => i))
      expect(results.flat().filter((one) => one.result === 'key-reused').length).toBe(20)
      expect((await idsIn(at.store)).length).toBe(60)
      await signedOnce(at.store, at.place.logKey, fresh)
    } finally {
      for (const other of others) await other.close()
    }
  })
}
