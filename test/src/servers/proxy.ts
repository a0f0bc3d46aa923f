import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { createRandom } from '../support/random.ts'
import { freePorts } from './ports.ts'
import type { Flow } from './proxy-flow.ts'
import { join, type Link } from './proxy-link.ts'

export type { Flow } from './proxy-flow.ts'

export type Direction = 'requests' | 'answers'

/** What happens to the next answers. A TCP stream never loses a piece and goes on: the connection is of no use after. */
export interface Drop {
  /** This many connections lose the answer that comes next. */
  readonly next: number
  /** `reset`: cut for both sides at once. `silence`: open for the client, who hears nothing more. */
  readonly leaves: 'reset' | 'silence'
  /** Only answers of so many bytes, in one piece, count: tells what matters from heartbeats and long readings. */
  readonly bytes?: readonly [least: number, most: number]
}

/** A fault between a client and its server, on 127.0.0.1. Everything can be changed while it runs. */
export interface Proxy extends AsyncDisposable {
  readonly port: number
  /** Connections that pass now. */
  readonly open: number
  /** Answers dropped so far by `dropAnswers`. */
  readonly dropped: number
  /** Where newcomers are led from now on. */
  aim(target: number): void
  /** The flow of bytes from now on, of connections that are open too. Both directions unless told. */
  set(flow: Flow, direction?: Direction): void
  /** `refuse`: nobody listens. `reset`: taken and cut. What is open stays open. */
  door(state: 'open' | 'refuse' | 'reset'): Promise<void>
  dropAnswers(drop: Drop): void
  /** RST to both sides of every connection. @returns how many */
  reset(): number
  /** The server's side is gone; the client's stays open, and nobody hears or answers it. @returns how many */
  halfOpen(): number
}

export interface ProxyOptions {
  /** Port of the server on 127.0.0.1; 0 when it is told later, by `aim`. */
  readonly target: number
  /** Of the jitter. */
  readonly seed?: number
  /** A port chosen by the caller; a free one unless told. */
  readonly port?: number
}

const pass: Flow = { is: 'pass' }

/** Starts to listen and passes everything on, until told otherwise. */
export async function startProxy({ seed = 1, port, ...options }: ProxyOptions): Promise<Proxy> {
  const random = createRandom(seed)
  let { target } = options
  const flows: Record<Direction, Flow> = { requests: pass, answers: pass }
  const links = new Set<Link>()
  const drops = createDrops()
  const door = await openDoor(port, (client) => {
    const upstream = connect({ host: '127.0.0.1', port: target, noDelay: true, allowHalfOpen: true })
    const link = join(client, upstream, {
      flow: (direction) => flows[direction],
      random: () => random.next(),
      keeps: (bytes) => drops.keeps(link, bytes),
      gone: () => links.delete(link),
    })
    links.add(link)
  })
  const each = (act: (link: Link) => void): number => {
    const all = [...links]
    for (const link of all) act(link)
    return all.length
  }
  return {
    port: door.port,
    get open() {
      return links.size
    },
    get dropped() {
      return drops.count()
    },
    aim(next) {
      target = next
    },
    set(flow, direction) {
      if (direction !== 'answers') flows.requests = flow
      if (direction !== 'requests') flows.answers = flow
    },
    door: async (state) => await door.set(state),
    dropAnswers: (next) => drops.set(next),
    reset: () => each((link) => link.cut()),
    halfOpen: () => each((link) => link.forgetServer()),
    async [Symbol.asyncDispose]() {
      await door.set('refuse')
      each((link) => link.cut())
    },
  }
}

function createDrops(): {
  readonly set: (drop: Drop) => void
  readonly count: () => number
  /** False when this piece is one that must not arrive. */
  readonly keeps: (link: Link, bytes: number) => boolean
} {
  let drop: Drop = { next: 0, leaves: 'reset' }
  let dropped = 0
  return {
    set(next) {
      drop = next
    },
    count: () => dropped,
    keeps(link, bytes) {
      const [least, most] = drop.bytes ?? [0, Number.POSITIVE_INFINITY]
      if (drop.next === 0 || bytes < least || bytes > most) return true
      drop = { ...drop, next: drop.next - 1 }
      dropped++
      if (drop.leaves === 'reset') link.cut()
      else link.silenceAnswers()
      return false
    },
  }
}

interface Door {
  readonly port: number
  readonly set: (state: 'open' | 'refuse' | 'reset') => Promise<void>
}

/** Listens on the port told, or on a free one: a port that was free a moment ago may be taken by now. */
async function openDoor(port: number | undefined, take: (client: Socket) => void): Promise<Door> {
  for (let tries = 0; ; tries++) {
    const door = createDoor(port ?? (await freePorts(1))[0] ?? 0, take)
    try {
      await door.set('open')
      return door
    } catch (error) {
      if (port !== undefined || tries === 5) throw error
    }
  }
}

function createDoor(port: number, take: (client: Socket) => void): Door {
  let server: Server | undefined
  let cuts = false
  return {
    port,
    async set(state) {
      cuts = state === 'reset'
      if (state === 'refuse') {
        // The port is free at once; `close` would wait for the connections that stay.
        server?.close()
        server = undefined
      } else if (!server) {
        const opened = createServer({ allowHalfOpen: true, noDelay: true }, (client) =>
          cuts ? client.resetAndDestroy() : take(client),
        )
        opened.listen(port, '127.0.0.1')
        await once(opened, 'listening')
        server = opened
      }
    },
  }
}
