import { once } from 'node:events'
import { createServer } from 'node:net'

/** Below the ephemeral range: no outgoing connection takes such a port between the look and the start of its server. */
const lowest = 20_000
const highest = 32_000

const given = new Set<number>()

/** Ports of 127.0.0.1 that nobody listens on now. Never the same one twice in this process. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const found: number[] = []
  while (found.length < count) {
    const port = lowest + Math.floor(Math.random() * (highest - lowest))
    if (given.has(port) || !(await isFree(port))) continue
    given.add(port)
    found.push(port)
  }
  return found
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  const answer = Promise.race([once(server, 'listening').then(() => true), once(server, 'error').then(() => false)])
  server.listen({ host: '127.0.0.1', port })
  const free = await answer
  if (free) {
    server.close()
    await once(server, 'close')
  }
  return free
}
