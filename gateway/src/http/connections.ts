import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** A caller in the middle of a head is about to ask: it is answered that the hub stops, if it goes on within this time. */
const headGraceMs = 2_000

export interface Connections {
  /**
   * Ends every connection that waits for no answer: kept alive, or silent since it was opened; in the middle of a head, once
   * that has lasted for two seconds from the first call on.
   */
  endWaiting(): void
}

interface Known {
  requests: number
  /** Bytes read when the last request was answered: more means that the head of another one has begun. */
  read: number
}

/**
 * Knows which connections have a request under way. `closeIdleConnections` of Node leaves those that never sent a whole
 * head, and closing the server would wait for them until they time out: a minute.
 */
export function watchConnections(server: Server): Connections {
  const connections = new Map<Socket, Known>()
  let began: number | undefined
  server.on('connection', (socket: Socket) => {
    connections.set(socket, { requests: 0, read: 0 })
    socket.once('close', () => connections.delete(socket))
  })
  server.on('request', ({ socket }: IncomingMessage, answer: ServerResponse) => {
    const known = connections.get(socket)
    if (!known) return
    known.requests += 1
    // Also when the connection broke: then the socket is gone from here already, or soon.
    answer.once('close', () => {
      known.requests -= 1
      known.read = socket.bytesRead
    })
  })
  return {
    endWaiting() {
      began ??= performance.now()
      const isPatient = performance.now() - began < headGraceMs
      for (const [socket, { requests, read }] of connections)
        if (requests === 0 && !(isPatient && socket.bytesRead > read)) socket.destroy()
    },
  }
}
