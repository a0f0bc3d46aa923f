import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Receiver extends AsyncDisposable {
  readonly url: string
  /** `webhook-id` of each event answered 204, in order. */
  readonly ids: string[]
  /** From now on: answer events with this status. */
  answer(status: number): void
}

/** A recipient's address: proves that it wants the events, then notes what comes. */
export async function startReceiver(): Promise<Receiver> {
  const ids: string[] = []
  let status = 204
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const { challenge } = JSON.parse(Buffer.concat(parts).toString('utf8')) as { readonly challenge?: string }
      if (challenge !== undefined) {
        response.end(JSON.stringify({ challenge }))
        return
      }
      if (status === 204) ids.push(String(request.headers['webhook-id']))
      response.writeHead(status).end()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/events`,
    ids,
    answer(next) {
      status = next
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
