import type { Logger } from 'pino'
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'
import type { Kind } from '@socle/schemas'

export interface RecordedEvent {
  readonly state: 'recorded' | 'refused'
  readonly kind: Kind
  readonly account: string
  readonly id: string
  readonly index: number
  readonly bytes: number
}

export interface DeliveredEvent {
  readonly channel: 'webhook' | 'feed'
  readonly recipient: string
  readonly documents: number
}

/**
 * One helper a business event: one counter (labels of few values) and one wide log line (ids, sizes, never payloads or
 * personal data). Helpers never throw.
 */
export interface Events {
  recorded(event: RecordedEvent): void
  delivered(event: DeliveredEvent): void
  attemptFailed(event: {
    readonly subscription: string
    readonly status: number | undefined
    readonly reason: string
    readonly failures: number
  }): void
  concluded(event: { readonly document: string; readonly account: string; readonly result: string }): void
  published(count: number, position: number): void
  /** Entries that are not on the bus yet, by the relay's saved cursor. */
  behind(entries: number): void
  /** @param aheadMs how far the outside clock is ahead of ours; behind: negative */
  stamped(size: number, aheadMs: number): void
  /** Age of the oldest entry that no token covers. */
  unstamped(seconds: number): void
  /** A witness cosigned the checkpoint at that size. */
  cosigned(witness: string, size: number): void
  /** Time until the seal's certificate (or one above it), or its revocation list, ends; negative: since then. */
  sealEnds(of: 'certificate' | 'revocation-list', seconds: number): void
  /** This replica runs a loop from now on, or no longer. */
  leased(name: string, held: boolean): void
  /** Something the hub depends on failed; the loop goes on. */
  failed(what: string, error: unknown): void
  readonly registry: Registry
  readonly requestSeconds: Histogram<'route' | 'status'>
}

export function createEvents(log: Logger): Events {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const { documents, deliveries, attempts, outcomes, events, position, behind, leases, failures, requestSeconds } =
    createMetrics(registry)
  return {
    registry,
    requestSeconds,
    ...timeEvents(log, registry),
    ...sealEvents(registry),
    ...witnessEvents(log, registry),
    recorded(event) {
      documents.inc({ kind: event.kind, state: event.state })
      log.info({ event: 'recorded', ...event })
    },
    delivered(event) {
      deliveries.inc({ channel: event.channel }, event.documents)
      log.info({ event: 'delivered', ...event })
    },
    attemptFailed(event) {
      attempts.inc()
      log.warn({ event: 'webhook-failed', ...event })
    },
    concluded(event) {
      outcomes.inc({ result: event.result })
      log.info({ event: 'concluded', ...event })
    },
    published(count, to) {
      events.inc(count)
      position.set(to)
      log.debug({ event: 'published', count, position: to })
    },
    behind(entries) {
      behind.set(entries)
    },
    leased(name, held) {
      leases.set({ name }, held ? 1 : 0)
      log.info({ event: held ? 'lease-taken' : 'lease-ended', name })
    },
    failed(what, error) {
      failures.inc({ what })
      log.error({ event: 'failed', what, err: error })
    },
  }
}

/** The part about the seal. */
function sealEvents(registry: Registry): Pick<Events, 'sealEnds'> {
  const left = new Gauge({
    name: 'socle_seal_expires_seconds',
    help: "Time until the seal's certificate, or its revocation list, ends",
    labelNames: ['of'] as const,
    registers: [registry],
  })
  return {
    sealEnds(of, seconds) {
      left.set({ of }, seconds)
    },
  }
}

/** The part about outside clocks. */
function timeEvents(log: Logger, registry: Registry): Pick<Events, 'stamped' | 'unstamped'> {
  const gauge = (name: string, help: string): Gauge => new Gauge({ name, help, registers: [registry] })
  const covered = gauge('socle_stamped_size', 'Size of the last checkpoint under an RFC 3161 token')
  const waiting = gauge('socle_unstamped_seconds', 'Age of the oldest entry that no RFC 3161 token covers')
  const drift = gauge('socle_clock_drift_seconds', 'How far the outside clock is ahead of ours, by the last token')
  return {
    stamped(size, aheadMs) {
      covered.set(size)
      drift.set(aheadMs / 1_000)
      log.info({ event: 'stamped', size, aheadMs })
    },
    unstamped(seconds) {
      waiting.set(seconds)
    },
  }
}

/** The part about witnesses; one label value for each of a few. */
function witnessEvents(log: Logger, registry: Registry): Pick<Events, 'cosigned'> {
  const cosigned = new Gauge({
    name: 'socle_cosigned_size',
    help: 'Size of the last checkpoint that the witness cosigned',
    labelNames: ['witness'] as const,
    registers: [registry],
  })
  return {
    cosigned(witness, size) {
      cosigned.set({ witness }, size)
      log.info({ event: 'cosigned', witness, size })
    },
  }
}

/** Labels have few values: ids go in the log line. */
function createMetrics(registry: Registry) {
  const registers = [registry]
  const counter = (name: string, help: string): Counter => new Counter({ name, help, registers })
  const gauge = (name: string, help: string): Gauge => new Gauge({ name, help, registers })
  const documents = new Counter({
    name: 'socle_documents_total',
    help: 'Deposits by kind and what became of them',
    labelNames: ['kind', 'state'],
    registers,
  })
  const deliveries = new Counter({
    name: 'socle_deliveries_total',
    help: 'Documents delivered',
    labelNames: ['channel'],
    registers,
  })
  const attempts = counter('socle_webhook_failures_total', 'Webhook attempts that failed')
  const outcomes = new Counter({
    name: 'socle_outcomes_total',
    help: 'Results reported by recipients',
    labelNames: ['result'],
    registers,
  })
  const events = counter('socle_published_total', 'Events given to the bus')
  const position = gauge('socle_published_position', 'Entries before this index are on the bus')
  const behind = gauge('socle_unpublished_entries', 'Entries of the ledger that the relay has not passed yet')
  const leases = new Gauge({
    name: 'socle_lease_held',
    help: '1 while this replica runs the loop',
    labelNames: ['name'] as const,
    registers,
  })
  const failures = new Counter({
    name: 'socle_failures_total',
    help: 'Failures of what the hub depends on',
    labelNames: ['what'],
    registers,
  })
  const requestSeconds = new Histogram({
    name: 'socle_request_seconds',
    help: 'Time from the request line to the last byte of the answer',
    labelNames: ['route', 'status'] as const,
    buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers,
  })
  return {
    documents,
    deliveries,
    attempts,
    outcomes,
    events,
    position,
    behind,
    leases,
    failures,
    requestSeconds,
  }
}
