import { Redis } from 'ioredis'

/** How long a command may take. A request never waits longer than this for Redis. */
export const commandMs = 100

/** Between two tries to reach a server that is away; doubled from the first to the last. */
const retryMs = { first: 100, last: 2_000 } as const

export interface RedisLink {
  /** Undefined when the server is away or did not answer in time; then nobody asks it again until it answers a ping. */
  ask<T>(command: (redis: Redis) => Promise<T>): Promise<T | undefined>
  close(): void
}

/**
 * A connection that a dead server cannot make slow. The first command that fails or takes too long opens the circuit:
 * from then on nothing is sent, nothing is queued, and a request pays nothing. Pings in the background close it again.
 * @param onAway told once each time the server goes away, or when it is not there at the start
 */
export function openRedisLink(url: string, onAway: (error: Error) => void): RedisLink {
  const redis = new Redis(url, {
    lazyConnect: true,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    commandTimeout: commandMs,
    connectTimeout: 1_000,
    disableClientInfo: true,
    retryStrategy: delay,
  })
  let state: 'starting' | 'there' | 'away' = 'starting'
  let closed = false
  let timer: NodeJS.Timeout | undefined

  function away(error: unknown): void {
    if (state === 'away' || closed) return
    state = 'away'
    // The message alone: the error of a refused log-in carries the command, and that has the password.
    onAway(new Error(error instanceof Error ? error.message : String(error)))
    lookAgain(0)
  }

  function lookAgain(tries: number): void {
    clearTimeout(timer)
    if (closed) return
    timer = setTimeout(() => void ping(tries), tries === 0 ? 0 : delay(tries))
    timer.unref()
  }

  async function ping(tries: number): Promise<void> {
    try {
      await redis.ping()
      state = 'there'
    } catch (error) {
      away(error)
      lookAgain(tries + 1)
    }
  }

  redis.on('error', away)
  redis.on('close', () => away(new Error('the connection to Redis was closed')))
  redis.on('ready', () => lookAgain(0))
  redis.connect().catch(() => undefined)

  return {
    async ask(command) {
      if (state !== 'there') return undefined
      try {
        return await command(redis)
      } catch (error) {
        away(error)
        return undefined
      }
    },
    close() {
      closed = true
      clearTimeout(timer)
      redis.disconnect()
    },
  }
}

function delay(tries: number): number {
  return Math.min(retryMs.first * 2 ** (tries - 1), retryMs.last)
}
