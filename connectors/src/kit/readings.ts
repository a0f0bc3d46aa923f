import { createHash } from 'node:crypto'
import type { Outcome, SubscriptionRequest, Trust } from '@socle/schemas'
import { countOf, type Json, listOf, readObject, textOf } from './answers.ts'
import type { Call, Caller } from './caller.ts'
import type { Subject } from './connector.ts'
import { HubClientError } from './hub-client-error.ts'
import type { HubClient, SubscriptionView } from './hub-client.ts'
import { type HubEvent, parseEvent } from './hub-event.ts'
import type { ClientLimits } from './limits.ts'
import { proved } from './receipt-check.ts'
import type { Answer } from './transport.ts'

/** One step of a document's way; `index` is the log entry that proves it. */
export interface Step {
  /** recorded, timestamped, published, delivered, concluded. */
  readonly state: string
  readonly at?: string
  readonly index?: number
  /** Technical account. */
  readonly by?: string
  readonly channel?: string
  readonly result?: string
  readonly url?: string
  readonly reason?: string
}

export interface DocumentView {
  readonly id: string
  readonly kind: string
  readonly account: string
  readonly buyer: string
  readonly consultation: string
  readonly at: string
  readonly sha256: string
}

export interface FeedQuery {
  /** The `next` of the page before; absent: from the beginning. */
  readonly after?: string | undefined
  readonly kinds: readonly Subject[]
  /** 1 to 500. */
  readonly limit: number
  /** 0 to 30. */
  readonly waitSeconds: number
}

export interface FeedPage {
  readonly events: readonly HubEvent[]
  readonly next: string
}

type Readings = Omit<HubClient, 'url' | 'account' | 'receipts' | 'trust' | 'submit' | 'dryRun' | symbol>

interface Needs {
  readonly call: Caller
  readonly trust: () => Promise<Trust>
  readonly limits: ClientLimits
}

/** Everything but deposits: what can be asked of documents, and what a recipient says. */
export function createReadings({ call, trust, limits }: Needs): Readings {
  const get = async (path: string, extra: Partial<Call> = {}): Promise<Answer> =>
    await call({ method: 'GET', path, repeatable: true, expect: [200], ...extra })
  const of = (id: string, part = ''): string => `/v1/documents/${encodeURIComponent(id)}${part}`
  const large = { maxBytes: limits.maxContentBytes }
  return {
    document: async (id) => documentOf(readObject(await get(of(id)))),
    timeline: async (id) => stepsOf(readObject(await get(of(id, '/timeline')))),
    async consultationTimeline(consultation) {
      const answer = await get(`/v1/consultations/${encodeURIComponent(consultation)}/timeline`)
      return listOf(readObject(answer), 'documents').map((one) => ({
        document: textOf(one, 'document'),
        kind: textOf(one, 'kind'),
        steps: stepsOf(one),
      }))
    },
    async receipt(id, content) {
      const answer = await get(of(id, '/receipt'))
      return proved(readObject(answer), { trust: await trust(), id, ...(content ? { content } : {}) })
    },
    evidence: async (id) => (await get(of(id, '/evidence'), large)).bytes,
    async content(id, sha256) {
      const { bytes } = await get(of(id, '/content'), large)
      if (sha256 !== undefined && createHash('sha256').update(bytes).digest('hex') !== sha256)
        throw new HubClientError('CONTENT_MISMATCH', { reason: `document ${id}` })
      return bytes
    },
    async reportOutcome(id, outcome) {
      const body = readObject(await call(posting(of(id, '/outcomes'), outcome)))
      return { id: textOf(body, 'id'), index: countOf(body, 'index') }
    },
    ...createSubscriptions(call),
    async feedPage({ after, kinds, limit, waitSeconds }, signal) {
      const query = new URLSearchParams({ limit: String(limit), wait: String(waitSeconds), kinds: kinds.join(',') })
      if (after !== undefined) query.set('after', after)
      const body = readObject(await get(`/v1/feed?${query.toString()}`, { waitMs: waitSeconds * 1_000, signal }))
      return { events: listOf(body, 'events').map(parseEvent), next: textOf(body, 'next') }
    },
  }
}

function createSubscriptions(call: Caller): Pick<HubClient, 'subscribe' | 'subscriptions' | 'resume' | 'unsubscribe'> {
  const path = '/v1/subscriptions'
  const at = (id: string): string => `${path}/${encodeURIComponent(id)}`
  return {
    subscribe: async (wish: SubscriptionRequest) => subscriptionOf(readObject(await call(posting(path, wish)))),
    async subscriptions() {
      const answer = await call({ method: 'GET', path, repeatable: true, expect: [200] })
      return listOf(readObject(answer), 'subscriptions').map(subscriptionOf)
    },
    async resume(id) {
      await call({ method: 'POST', path: `${at(id)}/resume`, repeatable: true, expect: [204] })
    },
    async unsubscribe(id) {
      await call({ method: 'DELETE', path: at(id), repeatable: true, expect: [204, 404] })
    },
  }
}

function posting(path: string, body: Outcome | SubscriptionRequest): Call {
  return {
    method: 'POST',
    path,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    repeatable: false,
    expect: [201],
  }
}

function documentOf(object: Json): DocumentView {
  return {
    id: textOf(object, 'id'),
    kind: textOf(object, 'kind'),
    account: textOf(object, 'account'),
    buyer: textOf(object, 'buyer'),
    consultation: textOf(object, 'consultation'),
    at: textOf(object, 'at'),
    sha256: textOf(object, 'sha256'),
  }
}

/** Members that a later hub adds stay where they are. */
function stepsOf(object: Json): readonly Step[] {
  return listOf(object, 'steps').map((step) => ({ ...step, state: textOf(step, 'state') }))
}

function subscriptionOf(object: Json): SubscriptionView {
  const { secret } = object
  return {
    id: textOf(object, 'id'),
    url: textOf(object, 'url'),
    kinds: object['kinds'] as SubscriptionView['kinds'],
    status: textOf(object, 'status') as SubscriptionView['status'],
    ...(typeof secret === 'string' ? { secret } : {}),
  }
}
