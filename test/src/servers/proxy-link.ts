import type { Socket } from 'node:net'
import { createPipe, type Flow } from './proxy-flow.ts'

/** One connection through the proxy: the client's socket, and ours to the server. */
export interface Link {
  /** RST to both sides. */
  cut(): void
  /** The server loses the connection, the client hears nothing of it nor of anything else. */
  forgetServer(): void
  silenceAnswers(): void
}

export interface LinkNeeds {
  readonly flow: (direction: 'requests' | 'answers') => Flow
  readonly random: () => number
  /** Asked of each answer before it goes on. */
  readonly keeps: (bytes: number) => boolean
  readonly gone: () => void
}

/** A side that breaks takes the other with it, unless the server is forgotten: then that is the fault that is wanted. */
export function join(client: Socket, server: Socket, { flow, random, keeps, gone }: LinkNeeds): Link {
  const requests = createPipe({ from: client, to: server, flow: () => flow('requests'), random, seen: () => true })
  const answers = createPipe({ from: server, to: client, flow: () => flow('answers'), random, seen: keeps })
  let forgotten = false
  client.on('error', () => server.resetAndDestroy())
  server.on('error', () => {
    if (!forgotten) client.resetAndDestroy()
  })
  client.on('close', () => {
    server.destroy()
    gone()
  })
  return {
    cut() {
      client.resetAndDestroy()
      server.resetAndDestroy()
    },
    forgetServer() {
      forgotten = true
      requests.silence()
      answers.silence()
      server.resetAndDestroy()
    },
    silenceAnswers: () => answers.silence(),
  }
}
