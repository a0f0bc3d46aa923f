import { isObject, type Json } from '../kit/answers.ts'
import { HubClientError } from '../kit/hub-client-error.ts'
import { type HubEvent, parseEvent } from '../kit/hub-event.ts'
import type { KafkaRecord } from './record.ts'

/**
 * The event that a record carries: CloudEvents 1.0 in binary mode (attributes in `ce_` headers, data in the value), or in
 * structured mode. The same shape as by feed and webhook.
 * @throws HubClientError ANSWER_INVALID with the reason: neither mode, no event of a hub, or headers that contradict it
 */
export function decodeEvent(record: KafkaRecord): HubEvent {
  const event = parseEvent(contentOf(record))
  if (event.hubseq !== Number(record.headers['hub-seq'])) throw invalid('hub-seq is not the number of the event')
  if (event.consultation !== consultationOf(record)) throw invalid('the key is not the consultation of the event')
  return event
}

/** The unit of order: the key as text. Empty when there is none, or no UTF-8. */
export function consultationOf({ key }: KafkaRecord): string {
  return (key && text(key)) ?? ''
}

const prefix = 'ce_'

function contentOf({ headers, value }: KafkaRecord): Json {
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase()
  const body = value && json(value)
  if (!isObject(body)) throw invalid('the value is not a JSON object in UTF-8')
  if (type === 'application/cloudevents+json') return body
  if (headers[`${prefix}specversion`] === undefined) throw invalid('neither ce_specversion nor a structured event')
  if (type !== 'application/json') throw invalid(`the content type is ${type ?? 'absent'}`)
  const attributes = Object.entries(headers)
    .filter(([name]) => name.startsWith(prefix))
    .map(([name, content]) => [name.slice(prefix.length), content] as const)
  return { ...Object.fromEntries(attributes), hubseq: integer(headers[`${prefix}hubseq`]), data: body }
}

/** Headers are text; the one integer among the attributes gets its type back. */
function integer(header: string | undefined): number | undefined {
  return header !== undefined && /^\d{1,15}$/.test(header) ? Number(header) : undefined
}

function json(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(text(bytes) ?? '')
  } catch {
    return undefined
  }
}

function text(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

function invalid(reason: string): HubClientError {
  return new HubClientError('ANSWER_INVALID', { reason })
}
