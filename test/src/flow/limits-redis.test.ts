import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RedisServer, startRedis } from '../servers/redis.ts'
import { anAward, buyerSiret } from '../support/award.ts'
import { startHub, type TestHub } from '../support/hub.ts'
import { entriesOf, join, type Party } from './party.ts'

/** What a command may take at most, as the hub's Redis adapter says. */
const commandMs = 100

let redis: RedisServer
let hub: TestHub
let parties: readonly Party[]
beforeAll(async () => {
  redis = await startRedis()
  hub = await startHub({}, { env: { HUB_REDIS_URL: redis.url, HUB_RATE: '200', HUB_RATE_BURST: '200' } })
  parties = await Promise.all([0, 1, 2, 3].map(async (i) => await join(hub, `profil-${i}`, { buyers: [buyerSiret] })))
})
afterAll(async () => {
  await hub[Symbol.asyncDispose]()
  await redis[Symbol.asyncDispose]()
})

interface Load {
  readonly statuses: ReadonlyMap<number, number>
  readonly slowestMs: number
}

/** Every party deposits one after the other, good and bad in turn, until told to stop. */
async function underLoad(name: string, disturb: () => Promise<void>): Promise<Load> {
  const statuses = new Map<number, number>()
  let slowestMs = 0
  const stop = new AbortController()
  const one = async (party: Party): Promise<void> => {
    for (let i = 0; !stop.signal.aborted; i++) {
      const good = anAward({ id: `${name.slice(0, 2)}${party.id.slice(-1)}-${i}` })
      const isBad = i % 5 === 4
      const start = performance.now()
      const { status } = await party.deposit('award', isBad ? good.replace('"2026-09-01"', '"2026-13-01"') : good)
      slowestMs = Math.max(slowestMs, performance.now() - start)
      // A good document is 201 and a bad one 422, whatever happens to the cache.
      const told = status === (isBad ? 422 : 201) || status === 429 ? status : -status
      statuses.set(told, (statuses.get(told) ?? 0) + 1)
    }
  }
  const load = Promise.all(parties.map(one))
  await sleep(400)
  await disturb()
  await sleep(800)
  stop.abort()
  await load
  return { statuses, slowestMs }
}

async function keysOf(): Promise<readonly string[]> {
  const client = new Redis(redis.url)
  try {
    return await client.keys('*')
  } finally {
    client.disconnect()
  }
}

describe('the loss of Redis under a load of deposits', () => {
  let undisturbed: Load
  test('undisturbed: Redis counts, and holds nothing of documents, tokens or secrets', async () => {
    // The first deposits of a process are slow whatever it has for a cache.
    await underLoad('froid', async () => await Promise.resolve())
    undisturbed = await underLoad('calme', async () => await Promise.resolve())
    expect([...undisturbed.statuses.keys()].filter((status) => status !== 201 && status !== 422)).toEqual([])
    const keys = await keysOf()
    expect(keys).toContain('socle:sandbox:rate:deposit profil-0')
    const client = new Redis(redis.url)
    for (const key of keys) {
      expect(key).toMatch(/^socle:sandbox:(?:rate|claim):/)
      expect(await client.pttl(key)).toBeGreaterThan(0)
      expect((await client.get(key))?.length).toBeLessThan(60)
    }
    client.disconnect()
  })

  const disturbances: Readonly<Record<string, () => Promise<void>>> = {
    async vidé() {
      const client = new Redis(redis.url)
      await client.flushall()
      client.disconnect()
    },
    async gelé() {
      redis.freeze()
      await sleep(1_000)
      redis.thaw()
    },
    async tué() {
      await redis.kill()
      await sleep(600)
      await redis.start()
    },
  }
  test.each(Object.keys(disturbances))(
    '%s: the same verdicts, no request slower by more than a time-out',
    async (name) => {
      const before = (await entriesOf(hub, 'doc', 'rej')).length
      const load = await underLoad(name, async () => await disturbances[name]?.())
      expect([...load.statuses.keys()].filter((status) => ![201, 422, 429].includes(status))).toEqual([])
      const count = (load.statuses.get(201) ?? 0) + (load.statuses.get(422) ?? 0)
      expect(count).toBeGreaterThan(50)
      expect((await entriesOf(hub, 'doc', 'rej')).length - before).toBe(count)
      // A deposit asks Redis three times: its rate, its claim, and giving the claim back, which nobody waits for.
      expect(load.slowestMs).toBeLessThan(undisturbed.slowestMs + 2 * commandMs + 150)
      console.log(
        `Redis ${name}: ${count} judged, slowest ${Math.round(load.slowestMs)} ms (${Math.round(undisturbed.slowestMs)} ms undisturbed)`,
      )
    },
  )

  test('afterwards it counts again', async () => {
    const end = Date.now() + 10_000
    while (!(await keysOf()).includes('socle:sandbox:rate:deposit profil-1')) {
      expect(Date.now()).toBeLessThan(end)
      await parties[1]?.deposit('award', anAward({ id: `A-${Date.now() % 100_000}` }))
      await sleep(100)
    }
  })
})
