import { createHmac, timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { FeedEvent } from './party.ts'

/** One request as it came to the receiver. */
export interface Push {
  readonly at: number
  readonly id: string
  readonly timestamp: string
  readonly signature: string
  readonly body: string
  readonly event: FeedEvent
  readonly path: string
}

export type Reply = (response: ServerResponse, push: Push) => void

/** A webhook receiver on a free port: answers challenges, keeps every event, answers it as told. */
export interface Receiver extends AsyncDisposable {
  readonly url: string
  readonly pushes: readonly Push[]
  /** Documents of the events that were answered 2xx, in order. */
  taken(): readonly string[]
  /** How the next events are answered, one each; 204 when there are none left. */
  replies(...replies: readonly (number | Reply)[]): void
  /** How every challenge is answered from now on. */
  challengedBy(reply: Reply): void
}

export async function startReceiver(): Promise<Receiver> {
  const pushes: Push[] = []
  const taken: string[] = []
  const script: (number | Reply)[] = []
  let onChallenge: Reply = (response, { body }) =>
    response.end(JSON.stringify({ challenge: (JSON.parse(body) as { challenge: string }).challenge }))
  const server = createServer((request, response) => {
    void read(request).then((push) => {
      if (push.body.includes('subscription.challenge')) return onChallenge(response, push)
      pushes.push(push)
      const reply = script.shift() ?? 204
      response.once('finish', () => {
        if (response.statusCode < 300) taken.push(push.event.data.document.id)
      })
      if (typeof reply === 'number') response.writeHead(reply).end()
      else reply(response, push)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/hub`,
    pushes,
    taken: () => [...taken],
    replies: (...replies) => void script.push(...replies),
    challengedBy: (reply) => void (onChallenge = reply),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function read(request: IncomingMessage): Promise<Push> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  const body = Buffer.concat(parts).toString('utf8')
  const header = (name: string): string => String(request.headers[name] ?? '')
  return {
    at: performance.now(),
    id: header('webhook-id'),
    timestamp: header('webhook-timestamp'),
    signature: header('webhook-signature'),
    body,
    event: JSON.parse(body) as FeedEvent,
    path: request.url ?? '',
  }
}

/** Standard Webhooks, written anew here: `v1,` and the base64 HMAC-SHA256 of id, timestamp and body under the secret. */
export function signatureHolds(push: Push, secret: string): boolean {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  const expected = createHmac('sha256', key).update(`${push.id}.${push.timestamp}.${push.body}`).digest()
  return push.signature.split(' ').some((one) => {
    const given = Buffer.from(one.replace(/^v1,/, ''), 'base64')
    return one.startsWith('v1,') && given.length === expected.length && timingSafeEqual(given, expected)
  })
}
