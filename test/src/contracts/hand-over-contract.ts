import { createPublicKey, generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto'
import {
  fromBase64,
  leafHash,
  makeVkey,
  type NoteVerifier,
  openCheckpoint,
  parseVkey,
  rootFromPath,
} from '@socle/schemas'
import type { Appended, NewEntry, Store } from '@socle/gateway'
import { expect, test } from 'vitest'
import { anEntry } from './entries.ts'
import { idsIn, indexesOf, sizeIn } from './ledger-view.ts'
import type { StorePlace } from './store-contract.ts'

type Order = Parameters<Store['handOver']>[0]

/** The next half-year's name and key. */
export interface NextLog {
  readonly origin: string
  readonly order: Order
  readonly logKey: NoteVerifier
}

export function aNextLog(origin: string): NextLog {
  const { privateKey: logKey, publicKey } = generateKeyPairSync('ed25519')
  const made = (): Order['end'] => ({ id: uuid7(), salt: randomBytes(16) })
  const at = '2027-01-01T00:00:00.000Z'
  return {
    origin,
    order: { origin, logKey, environment: 'sandbox', at, end: made(), start: made() },
    logKey: parseVkey(makeVkey(origin, publicKey)),
  }
}

/** The version alone matters here. */
function uuid7(): string {
  const id = randomUUID()
  return `${id.slice(0, 14)}7${id.slice(15)}`
}

/** Each result proves its leaf under a checkpoint of its own log, by the log's own count. */
export function provesIn(logKey: NoteVerifier, entry: NewEntry, appended: Appended | undefined): void {
  if (appended?.result !== 'recorded') throw new Error(`not recorded: ${appended?.result}`)
  const head = openCheckpoint(appended.checkpoint, [logKey])
  const place = { index: appended.index - appended.first, size: appended.size - appended.first }
  expect(head.size).toBe(place.size)
  const path = appended.path.map((text) => fromBase64(text, 32))
  expect(Buffer.from(rootFromPath(leafHash(entry.leaf), place, path))).toEqual(Buffer.from(head.root))
}

/** A half-year's log ends and the next begins. */
export function handOvers(at: { readonly place: StorePlace; readonly store: Store }): void {
  refusals(at)

  test('the next log begins at 0 under its own key, and the ledger goes on counting', async () => {
    const before = Array.from({ length: 300 }, () => anEntry())
    await at.store.append(before)
    const next = aNextLog('socle.example/next')
    const { first, ended, begun } = await at.store.handOver(next.order)
    expect(first).toBe(301)
    expect(openCheckpoint(ended, [at.place.logKey]).size).toBe(301)
    expect(openCheckpoint(begun, [next.logKey]).size).toBe(1)
    const opened = await at.place.open(next.order)
    try {
      const after = Array.from({ length: 260 }, () => anEntry())
      const appended = await opened.append(after)
      expect(indexesOf(appended)).toEqual(after.map((_, i) => 302 + i))
      after.forEach((entry, i) => provesIn(next.logKey, entry, appended[i]))
      expect((await idsIn(opened)).length).toBe(562)
      const shards = await opened.reader
        .selectFrom('shards')
        .select(['number', 'origin', 'first'])
        .orderBy('number')
        .execute()
      expect(shards.map(({ number, first: from }) => [number, from])).toEqual([
        [0, 0],
        [1, 301],
      ])
      const tiles = await opened.reader.selectFrom('tree_nodes').select(['level', 'idx']).orderBy('idx').execute()
      expect(tiles).toEqual([
        { level: 1, idx: 0 },
        { level: 1, idx: 2 ** 40 },
      ])
    } finally {
      await opened.close()
    }
  })

  test('a store that has the old name appends nothing and says which name the log has now', async () => {
    await at.store.append([anEntry()])
    const next = aNextLog('socle.example/next')
    await at.store.handOver(next.order)
    const refusal = {
      code: 'SHARD_ENDED',
      message: expect.stringContaining('HUB_LOG_ORIGIN=socle.example/next') as string,
    }
    await expect(at.store.append([anEntry()])).rejects.toMatchObject(refusal)
    await expect(at.store.handOver(aNextLog('socle.example/later').order)).rejects.toMatchObject(refusal)
    expect(await sizeIn(at.store)).toBe(3)
  })
}

/** What cannot be begun. */
function refusals(at: { readonly place: StorePlace; readonly store: Store }): void {
  test('an empty log is not ended, no key signs two logs, and no name is used again', async () => {
    const next = aNextLog('socle.example/next')
    await expect(at.store.handOver(next.order)).rejects.toThrow('empty')
    await at.store.append([anEntry()])
    await at.store.handOver(next.order)
    const opened = await at.place.open(next.order)
    try {
      const again = aNextLog('socle.example/other').order
      await expect(opened.handOver({ ...again, logKey: next.order.logKey })).rejects.toThrow('key of its own')
      await expect(opened.handOver({ ...again, origin: next.origin })).rejects.toThrow()
      expect(await sizeIn(opened)).toBe(3)
      expect(createPublicKey(next.order.logKey).asymmetricKeyType).toBe('ed25519')
    } finally {
      await opened.close()
    }
  })
}

/** Whoever appends meanwhile. */
export function handOversUnderLoad(at: { readonly place: StorePlace; readonly store: Store }): void {
  test('under load nothing is lost and nothing is numbered twice', async () => {
    await at.store.append([anEntry()])
    const next = aNextLog('socle.example/next')
    const opened: Store[] = []
    const kept: NewEntry[] = []
    let heldBack = 0
    const sender = async (): Promise<void> => {
      let store = at.store
      for (let turn = 0; turn < 25; turn++) {
        const entry = anEntry({ key: randomUUID() })
        try {
          await store.append([entry])
        } catch (error) {
          expect(error).toMatchObject({ code: 'SHARD_ENDED' })
          heldBack++
          // As an operator restarts the replica, and the sender sends the same again.
          store = opened[0] ??= await at.place.open(next.order)
          const [appended] = await store.append([entry])
          provesIn(next.logKey, entry, appended)
        }
        kept.push(entry)
      }
    }
    const handing = (async () => {
      while ((await sizeIn(at.store)) < 20) await new Promise((resolve) => setTimeout(resolve, 2))
      return await at.store.handOver(next.order)
    })()
    try {
      const [{ first }] = await Promise.all([handing, ...Array.from({ length: 4 }, sender)])
      expect(heldBack).toBeGreaterThan(0)
      const ids = await idsIn(at.store)
      expect(ids.length).toBe(1 + 100 + 2)
      expect(new Set(ids).size).toBe(ids.length)
      for (const { id } of kept) expect(ids).toContain(id)
      expect([ids[first - 1], ids[first]]).toEqual([next.order.end.id, next.order.start.id])
    } finally {
      for (const store of opened) await store.close()
    }
  })
}
