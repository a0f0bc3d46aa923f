import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join as path } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Bus, type BusMessage, createMemoryBus } from '@socle/gateway'
import { afterAll, describe, expect, test } from 'vitest'
import { join, type Party } from '../flow/party.ts'
import { anAward, buyerSiret } from '../support/award.ts'
import { startHub, type TestHub } from '../support/hub.ts'

const partitions = 4
const directory = mkdtempSync(path(tmpdir(), 'socle-relay-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

/** A bus that keeps what it was given, and that refuses or hesitates when told. */
function watchedBus(): {
  bus: Bus
  received: BusMessage[]
  asked: BusMessage[][]
  refuse: number
  hold?: Promise<void>
} {
  const watched = {
    bus: { ...createMemoryBus(), partitions, hasReaders: () => true },
    received: [],
    asked: [],
    refuse: 0,
  }
  const typed: ReturnType<typeof watchedBus> = watched
  typed.bus = {
    ...watched.bus,
    async publish(messages) {
      typed.asked.push([...messages])
      await typed.hold
      if (typed.refuse-- > 0) throw new Error('the bus is in doubt')
      typed.received.push(...messages)
    },
  }
  return typed
}

async function startOn(folder: string, bus: Bus): Promise<TestHub> {
  return await startHub({ bus }, { directory: folder, env: { HUB_LEASE_MS: '600' } })
}

let numbered = 0
async function deposit(party: Party, consultations: readonly string[]): Promise<void> {
  for (const consultation of consultations) {
    const id = `2026-${String(++numbered).padStart(4, '0')}`
    await party.sent('award', anAward({ id }), { headers: { 'hub-consultation': consultation } })
  }
}

/** What each partition says is before each of its messages. */
function chainOf(messages: readonly BusMessage[]): ReadonlyMap<number, (readonly [number, number])[]> {
  const chain = new Map<number, (readonly [number, number])[]>()
  for (const { partition, sequence, previous } of messages)
    chain.set(partition, [...(chain.get(partition) ?? []), [previous, sequence]])
  return chain
}

function expectWhole(messages: readonly BusMessage[]): void {
  for (const links of chainOf(messages).values()) {
    const before = [-1, ...links.map(([, sequence]) => sequence)]
    expect(links.map(([previous]) => previous)).toEqual(before.slice(0, -1))
  }
}

describe('the relay', () => {
  test('chains each partition, ties each message to its leaf, and goes on after a stop where it was', async () => {
    const folder = path(directory, 'chain')
    const first = watchedBus()
    {
      await using hub = await startOn(folder, first.bus)
      const party = await join(hub, 'profil-a', { buyers: [buyerSiret] })
      await deposit(party, ['c-1', 'c-2', 'c-3', 'c-1', 'c-2', 'c-4', 'c-1'])
      await expect.poll(() => first.received.length, { timeout: 10_000 }).toBe(7)
      const entries = await hub.hub.store.reader.selectFrom('entries').select(['idx', 'leaf']).execute()
      for (const { sequence, leaf } of first.received) {
        const entry = entries.find(({ idx }) => idx === sequence)
        const hash = createHash('sha256')
          .update(Buffer.from([0]))
          .update(entry?.leaf ?? Buffer.alloc(0))
        expect(leaf).toBe(hash.digest('hex'))
      }
    }
    const second = watchedBus()
    await using hub = await startOn(folder, second.bus)
    const party = await join(hub, 'profil-b', { buyers: [buyerSiret] })
    await deposit(party, ['c-1', 'c-2', 'c-3', 'c-4'])
    await expect.poll(() => second.received.length, { timeout: 10_000 }).toBe(4)
    expectWhole([...first.received, ...second.received])
    const places = [...first.received, ...second.received].map(({ key, partition }) => `${key} ${partition}`)
    expect(new Set(places).size).toBe(4)
    expect(new Set(second.received.map(({ partition }) => partition)).size).toBeGreaterThan(1)
  })

  test('gives a bus that comes later, or comes back, the whole log, under the same numbers', async () => {
    const folder = path(directory, 'later')
    const { received, bus } = watchedBus()
    const alone = async (consultations: readonly string[]): Promise<void> => {
      await using hub = await startHub({}, { directory: folder })
      await deposit(await join(hub, `profil-${numbered}`, { buyers: [buyerSiret] }), consultations)
      const size = async () => (await hub.hub.store.reader.selectFrom('ledger_head').select('size').execute())[0]?.size
      const passed = async () => (await hub.hub.store.reader.selectFrom('cursors').select('position').execute())[0]
      await expect.poll(async () => (await passed())?.position, { timeout: 10_000 }).toBe(await size())
    }
    await alone(['c-1', 'c-2'])
    {
      await using hub = await startOn(folder, bus)
      await expect.poll(() => received.length, { timeout: 10_000 }).toBe(2)
      await deposit(await join(hub, 'profil-d', { buyers: [buyerSiret] }), ['c-3'])
      await expect.poll(() => received.length, { timeout: 10_000 }).toBe(3)
    }
    await alone(['c-1'])
    await using _ = await startOn(folder, bus)
    await expect.poll(() => received.length, { timeout: 10_000 }).toBe(7)
    expect(received.slice(3, 6)).toEqual(received.slice(0, 3))
    expectWhole(received.slice(3))
  })

  test('gives the data and the attributes apart, and together they are the event', async () => {
    const watched = watchedBus()
    await using hub = await startOn(path(directory, 'event'), watched.bus)
    const party = await join(hub, 'profil-a', { buyers: [buyerSiret] })
    const reader = await join(hub, 'gestion-c', { buyers: [buyerSiret] })
    await deposit(party, ['c-1'])
    await expect.poll(() => watched.received.length, { timeout: 10_000 }).toBe(1)
    const [message] = watched.received
    const { hubseq, ...attributes } = message?.attributes ?? {}
    const data: unknown = JSON.parse(Buffer.from(message?.data ?? []).toString('utf8'))
    expect({ ...attributes, hubseq: Number(hubseq), data }).toEqual((await reader.feed()).events[0])
  })

  test('a bus in doubt is given the same messages again, with the same predecessors', async () => {
    const watched = watchedBus()
    watched.refuse = 3
    await using hub = await startOn(path(directory, 'doubt'), watched.bus)
    const party = await join(hub, 'profil-a', { buyers: [buyerSiret] })
    await deposit(party, ['c-1', 'c-2', 'c-1', 'c-3', 'c-2'])
    await expect.poll(() => watched.received.length, { timeout: 10_000 }).toBe(5)
    const links = (messages: readonly BusMessage[] = []) =>
      messages.map(({ sequence, previous }) => [sequence, previous])
    const refused = links(watched.asked[0])
    expect(watched.asked.slice(1, 4).map((again) => links(again).slice(0, refused.length))).toEqual([
      refused,
      refused,
      refused,
    ])
    expectWhole(watched.received)
    const ready = await (await fetch(`${hub.url}/health/ready`)).json()
    expect(ready).toMatchObject({ status: 'ready' })
  })

  test('whose lease has passed on moves no cursor, publishes nothing more, and begins anew where the store says', async () => {
    const watched = watchedBus()
    await using hub = await startOn(path(directory, 'lease'), watched.bus)
    const { reader, writer } = hub.hub.store
    const party = await join(hub, 'profil-a', { buyers: [buyerSiret] })
    await deposit(party, ['c-1'])
    await expect.poll(() => watched.received.length, { timeout: 10_000 }).toBe(1)
    const cursor = async (): Promise<number> =>
      (await reader.selectFrom('cursors').select('position').where('name', '=', 'relay').executeTakeFirst())
        ?.position ?? 0
    await expect.poll(cursor).toBeGreaterThan(watched.received[0]?.sequence ?? Number.POSITIVE_INFINITY)
    const before = await cursor()

    let letGo = (): void => undefined
    watched.hold = new Promise((resolve) => (letGo = resolve))
    await deposit(party, ['c-2'])
    await expect.poll(() => watched.asked.length, { timeout: 10_000 }).toBe(2)
    // Another replica takes the lease for three seconds while this one hangs in the middle of a publication.
    const until = Date.now() + 3_000
    await writer
      .updateTable('leases')
      .set(({ eb }) => ({ holder: 'another', epoch: eb('epoch', '+', 1), until }))
      .where('name', '=', 'relay')
      .execute()
    await sleep(700)
    letGo()
    await deposit(party, ['c-3'])
    await sleep(1_000)
    expect(await cursor()).toBe(before)
    expect(watched.asked.length).toBe(2)
    // The other one never moved the cursor: what this one had published goes out again, and what came since.
    await expect.poll(() => watched.received.length, { timeout: 10_000 }).toBe(4)
    const [one, two, ...rest] = watched.received
    expect(rest[0]).toEqual(two)
    expectWhole([one, ...rest].flatMap((message) => message ?? []))
  })
})
