import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { createRandom } from '../support/random.ts'
import { freePorts } from './ports.ts'
import { createPipe, type Flow, type Pipe } from './proxy-flow.ts'

export type { Flow } from './proxy-flow.ts'

export type Direction = 'requests' | 'answers'

/** What happens to the next answers. A TCP stream never loses a piece and goes on: the connection is of no use after. */
export interface Drop {
  /** This many connections lose the answer that comes next. */
  readonly next: number
  /** `reset`: cut for both sides at once. `silence`: open for the client, who hears nothing more. */
  readonly leaves: 'reset' | 'silence'
  /** Only answers of at least so many bytes count: tells a broker's heartbeat from what matters. */
  readonly atLeastBytes?: number
}

/** A fault between a client and its server, on 127.0.0.1. Everything can be changed while it runs. */
export interface Proxy extends AsyncDisposable {
  readonly port: number
  /** Connections that pass now. */
  readonly open: number
  /** Answers dropped so far by `dropAnswers`. */
  readonly dropped: number
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
  /** Port of the server on 127.0.0.1; may be told later, before the first connection. */
  readonly target: number
  /** Of the jitter. */
  readonly seed?: number
  /** A port chosen by the caller; a free one unless told. */
  readonly port?: number
}

interface Link {
  readonly client: Socket
  readonly server: Socket
  readonly requests: Pipe
  readonly answers: Pipe
}

const pass: Flow = { is: 'pass' }

/** Starts to listen and passes everything on, until told otherwise. */
export async function startProxy({ target, seed = 1, port }: ProxyOptions): Promise<Proxy> {
  const random = createRandom(seed)
  const flows: Record<Direction, Flow> = { requests: pass, answers: pass }
  const links = new Set<Link>()
  const chosen = port ?? (await freePorts(1))[0] ?? 0
  let drop: Drop = { next: 0, leaves: 'reset' }
  let dropped = 0
  let resetAtDoor = false
  let server: Server | undefined

  function take(client: Socket): void {
    if (resetAtDoor) {
      client.resetAndDestroy()
      return
    }
    const upstream = connect({ host: '127.0.0.1', port: target, noDelay: true, allowHalfOpen: true })
    client.setNoDelay(true)
    const sides = { from: client, to: upstream }
    const flow = (direction: Direction) => (): Flow => flows[direction]
    const requests = createPipe({ ...sides, flow: flow('requests'), random: () => random.next(), seen: () => true })
    const answers = createPipe({
      from: upstream,
      to: client,
      flow: flow('answers'),
      random: () => random.next(),
      seen: (bytes) => keeps(link, bytes),
    })
    const link: Link = { client, server: upstream, requests, answers }
    links.add(link)
    endTogether(link, () => links.delete(link))
  }

  /** False when this piece is one that must not arrive. */
  function keeps(link: Link, bytes: number): boolean {
    if (drop.next === 0 || bytes < (drop.atLeastBytes ?? 0)) return true
    drop = { ...drop, next: drop.next - 1 }
    dropped++
    link.answers.silence()
    if (drop.leaves === 'reset') cut(link)
    return false
  }

  async function listen(): Promise<void> {
    if (server) return
    const opened = createServer({ allowHalfOpen: true }, take)
    opened.listen(chosen, '127.0.0.1')
    await once(opened, 'listening')
    server = opened
  }

  async function close(): Promise<void> {
    // Resolves when the port is free; a listener's own connections would keep `close` waiting, the port does not.
    server?.close()
    server = undefined
    await Promise.resolve()
  }

  function reset(): number {
    const all = [...links]
    for (const link of all) cut(link)
    return all.length
  }

  await listen()
  return {
    port: chosen,
    get open() {
      return links.size
    },
    get dropped() {
      return dropped
    },
    set(flow, direction) {
      for (const each of ['requests', 'answers'] as const)
        if (direction === undefined || direction === each) flows[each] = flow
    },
    async door(state) {
      resetAtDoor = state === 'reset'
      await (state === 'refuse' ? close() : listen())
    },
    dropAnswers(next) {
      drop = next
    },
    reset,
    halfOpen() {
      const all = [...links]
      for (const link of all) {
        link.requests.silence()
        link.answers.silence()
        link.server.resetAndDestroy()
      }
      return all.length
    },
    async [Symbol.asyncDispose]() {
      await close()
      reset()
    },
  }
}

function cut({ client, server }: Link): void {
  client.resetAndDestroy()
  server.resetAndDestroy()
}

/** A side that breaks takes the other with it, unless that was silenced: then it is the fault that is wanted. */
function endTogether({ client, server }: Link, gone: () => void): void {
  const broken = (other: Socket) => (): void => void other.resetAndDestroy()
  client.on('error', broken(server))
  server.on('error', broken(client))
  client.on('close', () => {
    server.destroy()
    gone()
  })
  server.on('error', () => undefined)
}
