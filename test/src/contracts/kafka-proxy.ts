import { once } from 'node:events'
import { createServer, type Socket, connect } from 'node:net'
import { freePorts } from '../servers/ports.ts'

/** Stands between clients and a broker and understands frames just enough to lose or delay what is about `produce`. */
export interface KafkaProxy {
  readonly port: number
  /** Where the broker listens; set once it is known. */
  target: number
  /** The broker writes, the client never hears of it: the next so many answers to a produce request vanish. */
  loseAnswers(count: number): void
  /** The next produce request stays here, and goes to the broker when told, even if its client has left meanwhile. */
  holdRequest(): { readonly held: Promise<void>; release(): void }
  /** Produce answers lost so far. */
  readonly lost: number
  close(): void
}

const produce = 0

interface Faults {
  toLose: number
  lost: number
  hold: ((frame: Buffer, upstream: Socket) => void) | undefined
}

export async function startProxy(): Promise<KafkaProxy> {
  const [port = 0] = await freePorts(1)
  const faults: Faults = { toLose: 0, lost: 0, hold: undefined }
  const sockets = new Set<Socket>()
  let target = 0
  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1')
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.setNoDelay(true)
      socket.on('error', () => undefined)
      socket.on('close', () => sockets.delete(socket))
    }
    forward(client, upstream, faults)
    upstream.on('close', () => client.destroy())
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    port,
    get target() {
      return target
    },
    set target(to) {
      target = to
    },
    loseAnswers(count) {
      faults.toLose = count
    },
    holdRequest() {
      let release = (): void => undefined
      const held = new Promise<void>((resolve) => {
        faults.hold = (frame, upstream) => {
          faults.hold = undefined
          release = () => void upstream.write(frame)
          resolve()
        }
      })
      return { held, release: () => release() }
    },
    get lost() {
      return faults.lost
    },
    close() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

/** Request: size, api key, version, correlation id. Answer: size, correlation id. */
function forward(client: Socket, upstream: Socket, faults: Faults): void {
  const produces = new Set<number>()
  let heldOne = false
  client.on(
    'data',
    frames((frame) => {
      const isProduce = frame.readInt16BE(4) === produce
      if (isProduce) produces.add(frame.readInt32BE(8))
      if (isProduce && faults.hold) {
        heldOne = true
        faults.hold(frame, upstream)
      } else upstream.write(frame)
    }),
  )
  upstream.on(
    'data',
    frames((frame) => {
      const wasProduce = produces.delete(frame.readInt32BE(4))
      if (wasProduce && faults.toLose > 0) {
        faults.toLose--
        faults.lost++
      } else client.write(frame)
    }),
  )
  client.on('close', () => {
    if (!heldOne) upstream.end()
  })
}

function frames(take: (frame: Buffer) => void): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0)
  return (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    while (rest.length >= 4) {
      const size = 4 + rest.readInt32BE(0)
      if (rest.length < size) return
      take(rest.subarray(0, size))
      rest = rest.subarray(size)
    }
  }
}
