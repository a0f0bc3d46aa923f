import { Webhook } from 'standardwebhooks'
import { Agent, request } from 'undici'
import type { AttemptFailure } from './retry.ts'
import { publicLookup } from './webhook-address.ts'

export interface WebhookSettings {
  readonly timeoutMs: number
  readonly allowInternal: boolean
}

export type Attempt =
  | { readonly ok: true; readonly status: number; readonly body: string }
  | ({ readonly ok: false; readonly reason: string } & AttemptFailure)

/** Bytes of an answer that are read; only the challenge needs any. */
const largestAnswer = 16_384

/** Sends signed events (Standard Webhooks): id, timestamp and body under an HMAC of the subscription's secret. */
export interface WebhookSender {
  send(
    target: { readonly url: string; readonly secret: string },
    message: { readonly id: string; readonly at: Date; readonly body: string },
  ): Promise<Attempt>
  close(): Promise<void>
}

export function createWebhookSender(settings: WebhookSettings): WebhookSender {
  const agent = new Agent({
    connect: { timeout: settings.timeoutMs, ...(settings.allowInternal ? {} : { lookup: publicLookup }) },
    headersTimeout: settings.timeoutMs,
    bodyTimeout: settings.timeoutMs,
    connections: 4,
  })
  return {
    async send(target, { id, at, body }) {
      const signature = new Webhook(target.secret).sign(id, at, body)
      try {
        const answer = await request(target.url, {
          dispatcher: agent,
          method: 'POST',
          headers: {
            'content-type': 'application/cloudevents+json; charset=utf-8',
            'user-agent': 'socle/1',
            'webhook-id': id,
            'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
            'webhook-signature': signature,
          },
          body,
          signal: AbortSignal.timeout(settings.timeoutMs),
        })
        const text = await readSome(answer.body)
        // Redirects are not followed: the address that answered the challenge is the one that receives.
        if (answer.statusCode >= 200 && answer.statusCode < 300)
          return { ok: true, status: answer.statusCode, body: text }
        return {
          ok: false,
          status: answer.statusCode,
          retryAfterSeconds: secondsOf(answer.headers['retry-after']),
          reason: `HTTP ${answer.statusCode}`,
        }
      } catch (error) {
        return {
          ok: false,
          status: undefined,
          retryAfterSeconds: undefined,
          reason: error instanceof Error ? error.message : 'no answer',
        }
      }
    },
    async close() {
      await agent.destroy()
    },
  }
}

async function readSome(body: AsyncIterable<Buffer> & { destroy(): unknown }): Promise<string> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of body) {
    parts.push(part)
    size += part.length
    if (size > largestAnswer) break
  }
  body.destroy()
  return Buffer.concat(parts).toString('utf8')
}

function secondsOf(header: string | string[] | undefined): number | undefined {
  const value = Number(header)
  return Number.isFinite(value) && value >= 0 ? value : undefined
}
