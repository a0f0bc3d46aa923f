import type { Environment, Kind, Outcome, Receipt, Subscription, SubscriptionRequest, Trust } from '@socle/schemas'
import type { Dispatcher } from 'undici'
import { createCaller } from './caller.ts'
import { realSurroundings, type Surroundings } from './connector.ts'
import { type ClientLimits, clientLimits } from './limits.ts'
import { createReadings, type DocumentView, type FeedPage, type FeedQuery, type Step } from './readings.ts'
import type { ReceiptStore } from './receipt-store.ts'
import { type Rehearsal, rehearse, type Submission, submit, type SubmitOptions } from './submit.ts'
import { createTokenSource } from './token-source.ts'
import { createTransport } from './transport.ts'
import { fetchTrust, parsed, pinTrust } from './trust-store.ts'

export interface HubClientSettings extends Partial<Surroundings> {
  /** Address of the hub: http(s)://host[:port][/path]. */
  readonly url: string
  readonly clientId: string
  readonly clientSecret: string
  /**
   * What receipts are verified against. Without it, the keys that the hub shows at first use are taken, and kept in
   * `trustDirectory` when there is one.
   */
  readonly trust?: Trust
  readonly trustDirectory?: string
  /** When set, a hub of another environment is not talked to. */
  readonly environment?: Environment
  /** Where receipts are kept before `submit` resolves. */
  readonly receipts?: ReceiptStore
  readonly limits?: Partial<ClientLimits>
  /** Own connections (a proxy, mutual TLS, a test); its owner closes it. */
  readonly dispatcher?: Dispatcher
}

/** Everything a connector says to the hub. Every call is bounded in tries and time, and fails with a HubClientError. */
export interface HubClient extends AsyncDisposable {
  readonly url: string
  /** The technical account. */
  readonly account: string
  readonly receipts: ReceiptStore | undefined
  /** Asked of the hub once at most. */
  trust(): Promise<Trust>
  submit(kind: Kind, bytes: Uint8Array, options: SubmitOptions): Promise<Submission>
  dryRun(kind: Kind, bytes: Uint8Array, options?: Omit<SubmitOptions, 'key'>): Promise<Rehearsal>
  document(id: string): Promise<DocumentView>
  timeline(id: string): Promise<readonly Step[]>
  consultationTimeline(consultation: string): Promise<readonly ConsultationSteps[]>
  /** Proved against the trust, and against the bytes when they are given. */
  receipt(id: string, content?: Uint8Array): Promise<Receipt>
  /** ASiC-E container, as the hub gives it: `socle verify` proves it. */
  evidence(id: string): Promise<Uint8Array>
  /** The bytes as they were received; with a digest (hexadecimal SHA-256), only if they have it. */
  content(id: string, sha256?: string): Promise<Uint8Array>
  /** Not repeatable: an unclear end (UNREACHABLE, UNAVAILABLE) may have been recorded; `reportOnce` settles it. */
  reportOutcome(id: string, outcome: Outcome): Promise<{ readonly id: string; readonly index: number }>
  /** Not repeatable, as `reportOutcome`; `keepSubscription` settles it. The secret comes this once only. */
  subscribe(wish: SubscriptionRequest): Promise<SubscriptionView>
  subscriptions(): Promise<readonly SubscriptionView[]>
  /** Starts a paused subscription again where it stood. */
  resume(id: string): Promise<void>
  unsubscribe(id: string): Promise<void>
  /** Sending `next` back says that everything before is safe here: keep it first. */
  feedPage(query: FeedQuery, signal?: AbortSignal): Promise<FeedPage>
}

export type SubscriptionView = Pick<Subscription, 'id' | 'url' | 'kinds' | 'status'> & { readonly secret?: string }

export interface ConsultationSteps {
  readonly document: string
  readonly kind: string
  readonly steps: readonly Step[]
}

/** A client of one hub for one technical account. It opens nothing before the first call; disposal closes connections. */
export function createHubClient(settings: HubClientSettings): HubClient {
  const surroundings: Surroundings = {
    clock: settings.clock ?? realSurroundings.clock,
    sleep: settings.sleep ?? realSurroundings.sleep,
    random: settings.random ?? realSurroundings.random,
  }
  const limits = { ...clientLimits, ...settings.limits }
  const transport = createTransport(settings.url, settings.dispatcher)
  const { clientId, clientSecret, environment, receipts } = settings
  const tokens = createTokenSource({
    transport,
    clientId,
    clientSecret,
    environment,
    limits,
    clock: surroundings.clock,
  })
  const call = createCaller({ ...surroundings, transport, tokens, limits })

  let known: Promise<Trust> | undefined = settings.trust ? Promise.resolve(settings.trust) : undefined
  const trust = async (): Promise<Trust> => {
    const { trustDirectory } = settings
    known ??= trustDirectory
      ? pinTrust(trustDirectory, transport, limits.tryMs)
      : fetchTrust(transport, limits.tryMs).then(parsed)
    try {
      return await known
    } catch (error) {
      known = undefined
      throw error
    }
  }
  return {
    url: transport.url,
    account: clientId,
    receipts,
    trust,
    submit: async (kind, bytes, options) =>
      await submit({ call, trust, account: clientId, receipts }, kind, bytes, options),
    dryRun: async (kind, bytes, options = {}) => await rehearse(call, kind, bytes, options),
    ...createReadings({ call, trust, limits }),
    async [Symbol.asyncDispose]() {
      await transport[Symbol.asyncDispose]()
    },
  }
}
