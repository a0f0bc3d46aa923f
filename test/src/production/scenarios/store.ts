import { setTimeout as sleep } from 'node:timers/promises'
import type { Scenario } from '../rig/scenario.ts'

export const storeKilled: Scenario = {
  fault: 'F5',
  what: 'PostgreSQL SIGKILLed under load and started again, twice',
  async act({ servers, load, random }) {
    const senders = load({ senders: 10 })
    const waits: number[] = []
    for (let i = 0; i < 2; i++) {
      await senders.more(30)
      await sleep(random.between(0, 200))
      await servers.postgres.kill()
      await sleep(500)
      await servers.postgres.start()
      const back = Date.now()
      await senders.more(1)
      waits.push(Date.now() - back)
    }
    await senders.more(30)
    return { loads: [senders], seen: `recording again ${waits.join(' and ')} ms after the restart` }
  },
  felt: ({ unclear }) => Object.keys(unclear).length > 0,
}

const resets = 24
const silences = 3

/** Somewhere between request and answer, COMMIT included: the gateway cannot know whether it was recorded. */
export const answersLost: Scenario = {
  fault: 'F6',
  what: `${resets + silences} answers of PostgreSQL lost at random moments`,
  async act({ servers: { toPostgres }, load, random }) {
    const senders = load({ senders: 10, pauseMs: [0, 60] })
    await senders.more(20)
    const before = toPostgres.dropped
    for (let i = 0; i < resets + silences; i++) {
      await sleep(random.between(20, 200))
      toPostgres.dropAnswers({ next: 1, leaves: i < resets ? 'reset' : 'silence' })
    }
    await senders.more(30)
    return { loads: [senders], seen: `${toPostgres.dropped - before} lost` }
  },
  felt: ({ unclear }) => Object.keys(unclear).length > 0,
}

/** Redis holds hints only: each way of losing it changes no verdict, and no deposit is refused. */
export const cacheGone: Scenario = {
  fault: 'F16',
  what: 'Redis emptied, frozen, killed, unreachable under load',
  options: { env: { HUB_RATE: '500', HUB_RATE_BURST: '1000' } },
  async act({ servers: { redis, toRedis }, load }) {
    const senders = load({ senders: 10 })
    await senders.more(20)
    const slowest: string[] = []
    const during = async (what: string, begin: () => unknown, end: () => unknown): Promise<void> => {
      const started = Date.now()
      await begin()
      await senders.more(20)
      slowest.push(`${what} ${Date.now() - started} ms`)
      await end()
    }
    const nothing = (): void => undefined
    await during('emptied', async () => await flush(redis.url), nothing)
    await during(
      'frozen',
      () => redis.freeze(),
      () => redis.thaw(),
    )
    await during(
      'killed',
      async () => await redis.kill(),
      async () => await redis.start(),
    )
    await during(
      'cut',
      async () => {
        await toRedis.door('refuse')
        toRedis.reset()
      },
      async () => await toRedis.door('open'),
    )
    await senders.more(20)
    return { loads: [senders], seen: `20 acknowledged while ${slowest.join(', ')}` }
  },
}

async function flush(url: string): Promise<void> {
  const { Redis } = await import('ioredis')
  const redis = new Redis(url)
  await redis.flushall()
  redis.disconnect()
}
