import type { SchemaName } from '@socle/schemas'

type Json = Readonly<Record<string, unknown>>

/** A route as the API document tells it. */
export interface Route {
  readonly tag: string
  readonly summary: string
  readonly open?: true
  readonly answers: Readonly<Record<number, SchemaName | string>>
  readonly query?: Json
  readonly headers?: Json
}

export type RouteName =
  | 'token'
  | 'deposit'
  | 'bulk'
  | 'document'
  | 'content'
  | 'canonical'
  | 'receipt'
  | 'evidence'
  | 'timeline'
  | 'consultation'
  | 'consultationTimeline'
  | 'consultationEvidence'
  | 'outcome'
  | 'feed'
  | 'subscribe'
  | 'subscriptions'
  | 'resume'
  | 'unsubscribe'
  | 'checkpoint'
  | 'tile'
  | 'trust'
  | 'keyList'
  | 'rules'
  | 'rule'
  | 'asyncapi'
  | 'live'
  | 'ready'

const depositHeaders: Json = {
  type: 'object',
  required: ['idempotency-key'],
  properties: {
    'idempotency-key': {
      type: 'string',
      description: 'New for each document, the same at each retry: 1 to 128 visible characters.',
    },
    'hub-buyer': { type: 'string', description: 'SIRET of the buyer, when the document does not carry one.' },
    'hub-consultation': {
      type: 'string',
      description: 'Id of the consultation, when the document does not carry one.',
    },
  },
}

/** Every route of the API: its group, its sentence, its answers. */
export const routes: Readonly<Record<RouteName, Route>> = {
  token: {
    tag: 'access',
    summary:
      'Access token for a technical account (client_credentials; secret, or private_key_jwt of RFC 7523), bound to the client certificate when there is one (RFC 8705)',
    open: true,
    answers: { 200: 'Access token', 400: 'v1/problem', 401: 'v1/problem', 403: 'v1/problem' },
  },
  deposit: {
    tag: 'deposit',
    summary: 'Deposit a document: the body is the document, byte for byte',
    headers: depositHeaders,
    query: {
      type: 'object',
      properties: { dryRun: { type: 'string', enum: ['true', 'false'], description: 'Judge without recording.' } },
    },
    answers: {
      201: 'v1/receipt',
      200: 'v1/receipt',
      400: 'v1/problem',
      401: 'v1/problem',
      403: 'v1/problem',
      409: 'v1/problem',
      410: 'v1/problem',
      413: 'v1/problem',
      422: 'v1/problem',
      429: 'v1/problem',
      503: 'v1/problem',
    },
  },
  bulk: {
    tag: 'deposit',
    summary:
      'Deposit a stream of award data (JSON of any arrangement, XML, NDJSON, gzip): one line of answer a record, while it is read',
    headers: depositHeaders,
    query: {
      type: 'object',
      properties: { dryRun: { type: 'string', enum: ['true', 'false'], description: 'Judge without recording.' } },
    },
    answers: {
      200: 'One JSON line a record, with its receipt and findings; the last line says whether the whole stream was read',
      400: 'v1/problem',
      401: 'v1/problem',
      403: 'v1/problem',
      503: 'v1/problem',
    },
  },
  document: {
    tag: 'documents',
    summary: 'What the hub knows of a document',
    answers: { 200: 'Document', 404: 'v1/problem' },
  },
  content: {
    tag: 'documents',
    summary: 'The bytes as they were received',
    answers: { 200: 'The document', 404: 'v1/problem', 410: 'v1/problem' },
  },
  canonical: {
    tag: 'documents',
    summary: 'The canonical form, derived from the bytes',
    answers: { 200: 'Canonical notice, e-DUME request or response, or award', 404: 'v1/problem', 410: 'v1/problem' },
  },
  receipt: {
    tag: 'documents',
    summary: 'The receipt of a document or of a refusal, the same as the first time',
    answers: { 200: 'v1/receipt', 404: 'v1/problem', 410: 'v1/problem' },
  },
  evidence: {
    tag: 'documents',
    summary:
      'Evidence container (ASiC-E with CAdES): document, seal, place in the log, deliveries, outcomes; of an erased document, what proves the erasure. The header Hub-Seal-Level says CAdES-T, CAdES-B (no timestamp could be had yet) or none (erased)',
    answers: { 200: 'ASiC-E container', 404: 'v1/problem' },
  },
  timeline: { tag: 'documents', summary: 'Every step of a document', answers: { 200: 'Steps', 404: 'v1/problem' } },
  consultation: {
    tag: 'documents',
    summary: 'Documents of one consultation, whichever platform sent them',
    answers: { 200: 'Documents', 404: 'v1/problem' },
  },
  consultationTimeline: {
    tag: 'documents',
    summary: 'Every step of every document of a consultation',
    answers: { 200: 'Steps by document', 404: 'v1/problem' },
  },
  consultationEvidence: {
    tag: 'documents',
    summary:
      'Evidence containers of every document of a consultation that the caller may read: a zip, sent while it is made; without its index.json it is incomplete',
    answers: { 200: 'Zip of ASiC-E containers', 404: 'v1/problem', 422: 'v1/problem', 503: 'v1/problem' },
  },
  outcome: {
    headers: {
      type: 'object',
      properties: {
        'idempotency-key': { type: 'string', description: 'Optional: a retry under the same key is the same result.' },
      },
    },
    tag: 'delivery',
    summary: "A recipient's result on a document",
    answers: { 201: 'Outcome recorded', 400: 'v1/problem', 404: 'v1/problem', 410: 'v1/problem' },
  },
  feed: {
    tag: 'delivery',
    summary: 'Pull what concerns the caller; sending `next` back acknowledges the page',
    query: {
      type: 'object',
      properties: {
        after: { type: 'string', description: 'The `next` of the previous page.' },
        limit: { type: 'integer', minimum: 1, maximum: 500, default: 100 },
        wait: {
          type: 'integer',
          minimum: 0,
          maximum: 30,
          default: 0,
          description: 'Seconds to wait for something new.',
        },
        kinds: { type: 'string', description: 'notice, dume-request, dume-response, award, outcome; comma-separated.' },
      },
    },
    answers: { 200: 'Events and next cursor', 400: 'v1/problem', 409: 'v1/problem', 410: 'v1/problem' },
  },
  subscribe: {
    tag: 'delivery',
    summary: 'Push subscription (Standard Webhooks); the address must answer a challenge',
    answers: { 201: 'Subscription, with its secret', 422: 'v1/problem' },
  },
  subscriptions: { tag: 'delivery', summary: 'Own subscriptions', answers: { 200: 'Subscriptions' } },
  resume: {
    tag: 'delivery',
    summary: 'Start a paused subscription again where it stood',
    answers: { 204: 'Started', 404: 'v1/problem' },
  },
  unsubscribe: { tag: 'delivery', summary: 'End a subscription', answers: { 204: 'Ended', 404: 'v1/problem' } },
  checkpoint: { tag: 'log', summary: 'Signed head of the log', open: true, answers: { 200: 'C2SP signed note' } },
  tile: {
    tag: 'log',
    summary: 'Tile or entry bundle of the log (C2SP tlog-tiles)',
    open: true,
    answers: { 200: 'Hashes or entries' },
  },
  trust: {
    tag: 'log',
    summary: 'Public key or certificate to verify with',
    open: true,
    answers: { 200: 'Key or certificate' },
  },
  keyList: {
    tag: 'log',
    summary: 'Every key ever used, signed by the log: when, replaced by which, revoked since when and why',
    open: true,
    answers: { 200: 'C2SP signed note' },
  },
  rules: { tag: 'service', summary: 'Catalogue of rules', open: true, answers: { 200: 'Rules' } },
  rule: {
    tag: 'service',
    summary: 'One rule of the hub with its examples, or an official rule by its own id',
    open: true,
    answers: { 200: 'Rule', 404: 'v1/problem' },
  },
  asyncapi: {
    tag: 'service',
    summary: 'AsyncAPI 3.0 document of the topics: the same events, by Kafka',
    open: true,
    answers: { 200: 'AsyncAPI document' },
  },
  live: { tag: 'service', summary: 'The process runs', open: true, answers: { 200: 'Live' } },
  ready: {
    tag: 'service',
    summary: 'The store answers; sizes of log, published and stamped parts',
    open: true,
    answers: { 200: 'Ready' },
  },
}
