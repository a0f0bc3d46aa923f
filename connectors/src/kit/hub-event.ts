import { type Kind, kinds } from '@socle/schemas'
import { countOf, isObject, type Json, objectOf, textOf } from './answers.ts'
import type { Subject } from './connector.ts'
import { HubClientError } from './hub-client-error.ts'

/** What the hub says of a document in an event. */
export interface EventDocument {
  readonly id: string
  readonly kind: Kind
  /** SIRET. */
  readonly buyer: string
  readonly consultation: string
  /** Gone, like `content`, once the document is erased at the hub. */
  readonly sourceKey?: string
  /** Technical account that deposited it. */
  readonly sender: string
  readonly format: { readonly name: string; readonly version: string }
  readonly content?: { readonly mediaType: string; readonly size: number; readonly sha256: string }
}

export interface EventOutcome {
  readonly id: string
  /** Technical account that reports. */
  readonly by: string
  readonly result: string
  readonly url?: string
  readonly reason?: string
}

/**
 * An event of the hub (CloudEvents 1.0, structured JSON), the same by feed, webhook and topic. `source` and `id` name it
 * for ever: a repetition keeps both. Its bytes are fetched by document id, never at an address that an event gives.
 */
export interface HubEvent {
  readonly id: string
  readonly source: string
  readonly type: string
  readonly subject: Subject
  readonly time: string
  readonly environment: string
  /** Place in the hub's log: grows from one event to the next. */
  readonly hubseq: number
  readonly consultation: string
  readonly document: EventDocument
  /** Canonical form, when it is public and small enough to travel with the event. */
  readonly canonical?: Json
  readonly outcome?: EventOutcome
  /** The document was erased at the hub, by that decision: whoever holds a copy erases it too. */
  readonly erased?: { readonly at: string; readonly decision: string }
}

/** Reads what the kit uses and leaves the rest: a later hub may add members. @throws HubClientError ANSWER_INVALID */
export function parseEvent(value: unknown): HubEvent {
  if (!isObject(value)) throw new HubClientError('ANSWER_INVALID', { reason: 'the event is not an object' })
  if (value['specversion'] !== '1.0') throw new HubClientError('ANSWER_INVALID', { reason: 'not a CloudEvent 1.0' })
  const data = objectOf(value, 'data')
  const erased = data['erased'] === undefined ? undefined : erasureOf(objectOf(data, 'erased'))
  const document = documentOf(objectOf(data, 'document'), erased !== undefined)
  const outcome = data['outcome'] === undefined ? undefined : outcomeOf(objectOf(data, 'outcome'))
  return {
    id: idOf(value),
    source: textOf(value, 'source'),
    type: textOf(value, 'type'),
    subject: outcome ? 'outcome' : document.kind,
    time: textOf(value, 'time'),
    environment: textOf(value, 'hubenvironment'),
    hubseq: countOf(value, 'hubseq'),
    consultation: textOf(value, 'partitionkey'),
    document,
    ...(isObject(data['canonical']) ? { canonical: data['canonical'] } : {}),
    ...(outcome ? { outcome } : {}),
    ...(erased ? { erased } : {}),
  }
}

function erasureOf(object: Json): { readonly at: string; readonly decision: string } {
  return { at: textOf(object, 'at'), decision: textOf(object, 'decision') }
}

function documentOf(object: Json, isErased: boolean): EventDocument {
  const format = objectOf(object, 'format')
  return {
    id: idOf(object),
    kind: kindOf(textOf(object, 'kind')),
    buyer: textOf(object, 'buyer'),
    consultation: textOf(object, 'consultation'),
    sender: textOf(object, 'sender'),
    format: { name: textOf(format, 'name'), version: textOf(format, 'version') },
    ...(isErased ? {} : { sourceKey: textOf(object, 'sourceKey'), content: contentOf(objectOf(object, 'content')) }),
  }
}

function contentOf(object: Json): NonNullable<EventDocument['content']> {
  return {
    mediaType: textOf(object, 'mediaType'),
    size: countOf(object, 'size'),
    sha256: textOf(object, 'sha256'),
  }
}

function outcomeOf(object: Json): EventOutcome {
  const { url, reason } = object
  return {
    id: idOf(object),
    by: textOf(object, 'by'),
    result: textOf(object, 'result'),
    ...(typeof url === 'string' ? { url } : {}),
    ...(typeof reason === 'string' ? { reason } : {}),
  }
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Ids become paths and file names: anything but a UUID is refused here, once. */
function idOf(object: Json): string {
  const id = textOf(object, 'id')
  if (!uuid.test(id)) throw new HubClientError('ANSWER_INVALID', { reason: 'an id is not a UUID' })
  return id
}

function kindOf(text: string): Kind {
  const kind = kinds.find((kind) => kind === text)
  if (!kind) throw new HubClientError('ANSWER_INVALID', { reason: 'a kind is unknown' })
  return kind
}
