import type { IncomingHttpHeaders } from 'node:http'
import { Webhook } from 'standardwebhooks'
import { isObject } from './answers.ts'
import { type HubEvent, parseEvent } from './hub-event.ts'

/** What a POST to the receiver turns out to be. */
export type Message =
  | { readonly what: 'event'; readonly id: string; readonly event: HubEvent }
  | { readonly what: 'unsigned' }
  | { readonly what: 'unreadable' }

/**
 * Reads a delivery once its Standard Webhooks signature is verified: HMAC-SHA256 of id, time and body under the
 * subscription's secret, at most 5 minutes old. Bytes that are not UTF-8 are refused unread, because the library signs
 * text and two different byte strings can decode to the same one.
 */
export function readMessage(body: Buffer, headers: IncomingHttpHeaders, secret: string): Message {
  const text = decode(body)
  const id = headers['webhook-id']
  if (text === undefined || typeof id !== 'string' || id.length > 200) return { what: 'unsigned' }
  let value: unknown
  try {
    value = new Webhook(secret).verify(text, {
      'webhook-id': id,
      'webhook-timestamp': String(headers['webhook-timestamp'] ?? ''),
      'webhook-signature': String(headers['webhook-signature'] ?? ''),
    })
  } catch (error) {
    // Signed by the hub and yet not JSON: not the sender's identity is in doubt, but the message.
    return { what: error instanceof SyntaxError ? 'unreadable' : 'unsigned' }
  }
  try {
    return { what: 'event', id, event: parseEvent(value) }
  } catch {
    return { what: 'unreadable' }
  }
}

const challengeType = 'fr.tncp.subscription.challenge.v1'

/** The value to give back when the body is the hub's ownership challenge. Its secret is not known yet: see `expectChallenge`. */
export function readChallenge(body: Buffer): string | undefined {
  const text = decode(body)
  if (text === undefined || text.length > 1_024) return undefined
  try {
    const value: unknown = JSON.parse(text)
    if (!isObject(value) || value['type'] !== challengeType) return undefined
    const { challenge } = value
    return typeof challenge === 'string' && /^[\w-]{16,200}$/.test(challenge) ? challenge : undefined
  } catch {
    return undefined
  }
}

function decode(body: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body)
  } catch {
    return undefined
  }
}
