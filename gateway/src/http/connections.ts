import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

export interface Connections {
  /** Ends every connection that waits for no answer: kept alive, silent since it was opened, or in the middle of a head. */
  endWaiting(): void
}

/**
 * Knows which connections have a request under way. `closeIdleConnections` of Node leaves those that never sent a whole
 * head, and closing the server would wait for them until they time out: a minute.
 */
export function watchConnections(server: Server): Connections {
  const underWay = new Map<Socket, number>()
  server.on('connection', (socket: Socket) => {
    underWay.set(socket, 0)
    socket.once('close', () => underWay.delete(socket))
  })
  server.on('request', ({ socket }: IncomingMessage, answer: ServerResponse) => {
    underWay.set(socket, (underWay.get(socket) ?? 0) + 1)
    // Also when the connection broke: then the socket is gone from here already, or soon.
    answer.once('close', () => {
      const count = underWay.get(socket)
      if (count !== undefined) underWay.set(socket, count - 1)
    })
  })
  return {
    endWaiting() {
      for (const [socket, count] of underWay) if (count === 0) socket.destroy()
    },
  }
}
