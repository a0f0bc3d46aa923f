import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { realSurroundings, type Tell } from './connector.ts'
import type { HubEvent } from './hub-event.ts'
import { type ReceiverLimits, receiverLimits } from './limits.ts'
import { reasonFor } from './reason.ts'
import type { Seen } from './seen.ts'
import { readChallenge, readMessage } from './webhook-message.ts'
import { createWebhookQueue, type WebhookQueue } from './webhook-queue.ts'

export interface WebhookReceiverSettings {
  /** Awaited before the hub gets its 204; a failure answers 500 and the hub delivers again. */
  readonly handle: (event: HubEvent) => Promise<void>
  /** 127.0.0.1 by default: a reverse proxy with TLS stands before it in production. */
  readonly host?: string
  /** 0 (default) takes a free port. */
  readonly port?: number
  /** Absent until the subscription exists: deliveries are then answered 503, and come again. */
  readonly secret?: string
  /** Knows repetitions after a restart; without it the last ids in memory are all. */
  readonly seen?: Seen
  readonly limits?: Partial<ReceiverLimits>
  readonly tell?: Tell
}

/** Receives one subscription of the hub. Disposal stops taking, lets those already in end, then closes. */
export interface WebhookReceiver extends AsyncDisposable {
  /** Address to subscribe with. */
  readonly url: string
  /** While on, a challenge is answered. Off otherwise: nobody else can subscribe this address. */
  expectChallenge(on: boolean): void
  useSecret(secret: string): void
}

/** The only path that is served. */
const path = '/hub-events'

interface Receiving {
  readonly queue: WebhookQueue
  readonly limits: ReceiverLimits
  readonly state: { secret: string | undefined; challenge: boolean; closing: boolean }
}

/** Starts listening. @throws when the port cannot be had */
export async function createWebhookReceiver(settings: WebhookReceiverSettings): Promise<WebhookReceiver> {
  const { host = '127.0.0.1', port = 0, seen, tell } = settings
  const limits = { ...receiverLimits, ...settings.limits }
  const queue = createWebhookQueue({
    handle: settings.handle,
    seen,
    maxWaiting: limits.maxWaiting,
    rememberedIds: limits.rememberedIds,
    failed: (event, error) =>
      tell?.('handler-failed', { event: event.id, hubseq: event.hubseq, reason: reasonFor(error) }),
  })
  const receiving: Receiving = { queue, limits, state: { secret: settings.secret, challenge: false, closing: false } }
  const server = createServer(
    { requestTimeout: limits.requestMs, headersTimeout: limits.requestMs },
    (request, response) => {
      answer(receiving, request, response).catch(() => response.destroy())
    },
  )
  server.maxConnections = limits.maxConnections
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  const address = server.address() as AddressInfo
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}${path}`,
    expectChallenge(on) {
      receiving.state.challenge = on
    },
    useSecret(secret) {
      receiving.state.secret = secret
    },
    async [Symbol.asyncDispose]() {
      receiving.state.closing = true
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeIdleConnections()
      const late = new AbortController()
      await Promise.race([Promise.all([queue.idle(), closed]), realSurroundings.sleep(limits.closeMs, late.signal)])
      late.abort()
      server.closeAllConnections()
      await closed
    },
  }
}

async function answer(receiving: Receiving, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { limits, state } = receiving
  if (request.url !== path) return end(response, 404)
  if (request.method !== 'POST') return end(response, 405, { allow: 'POST' })
  if (state.closing) return end(response, 503, { 'retry-after': '5' })
  const body = await readBody(request, limits.maxBodyBytes)
  if (!body) return end(response, 413)
  const challenge = state.challenge ? readChallenge(body) : undefined
  if (challenge !== undefined)
    return end(response, 200, { 'content-type': 'application/json' }, JSON.stringify({ challenge }))
  if (state.secret === undefined) return end(response, 503, { 'retry-after': '1' })
  const message = readMessage(body, request.headers, state.secret)
  if (message.what === 'unsigned') return end(response, 401)
  if (message.what === 'unreadable') return end(response, 400)
  const handled = await receiving.queue.take(message.id, message.event)
  if (handled === 'full') return end(response, 503, { 'retry-after': '5' })
  return end(response, handled === 'failed' ? 500 : 204)
}

/** Undefined when it is larger than the limit: the rest is not read, and the connection ends after the answer. */
async function readBody(request: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > limit) return undefined
  return await new Promise((resolve, reject) => {
    const parts: Buffer[] = []
    let size = 0
    request.on('data', (part: Buffer) => {
      size += part.length
      parts.push(part)
      if (size <= limit) return
      request.removeAllListeners('data').pause()
      resolve(undefined)
    })
    request.once('end', () => resolve(Buffer.concat(parts)))
    request.once('error', reject)
    request.once('close', () => reject(new Error('the sender went away')))
  })
}

function end(response: ServerResponse, status: number, headers: Record<string, string> = {}, body = ''): void {
  const close = status === 413 || status === 503 ? { connection: 'close' } : {}
  response.writeHead(status, { ...headers, ...close }).end(body)
}
