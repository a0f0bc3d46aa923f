/** Every limit of a hub client. A limit that is reached ends in a HubClientError, never in a wait without end. */
export interface ClientLimits {
  /** Tries of one call, the first included. */
  readonly maxTries: number
  /** First wait between two tries; it doubles each time, and half of it is random. */
  readonly firstWaitMs: number
  /** Longest wait between two tries, unless the hub asks for more with Retry-After. */
  readonly longestWaitMs: number
  /** Time that one call may take with all its tries and waits. */
  readonly totalMs: number
  /** Time that one try may take; a long poll adds the seconds it asked the hub to wait. */
  readonly tryMs: number
  /** Largest JSON answer. A feed page of 100 events with their canonical forms (256 KiB each) stays below. */
  readonly maxAnswerBytes: number
  /** Largest document or evidence container. */
  readonly maxContentBytes: number
  /** A token is renewed when it has less than this left. */
  readonly renewTokenBeforeMs: number
}

export const clientLimits: ClientLimits = {
  maxTries: 8,
  firstWaitMs: 250,
  longestWaitMs: 30_000,
  totalMs: 180_000,
  tryMs: 30_000,
  maxAnswerBytes: 67_108_864,
  maxContentBytes: 134_217_728,
  renewTokenBeforeMs: 30_000,
}

/** Limits of a reader of the feed. */
export interface FeedLimits {
  /** Seconds the hub may hold a request open until there is something new: 0 to 30. */
  readonly waitSeconds: number
  /** Events a page: 1 to 500. */
  readonly pageSize: number
  /** Tries of the handler on one event before the reader gives up, loudly. */
  readonly handlerTries: number
  /** Longest wait between two tries, of the hub (without end, until the signal) or of the handler. */
  readonly longestWaitMs: number
}

export const feedLimits: FeedLimits = { waitSeconds: 25, pageSize: 100, handlerTries: 5, longestWaitMs: 30_000 }

/** Limits of a webhook receiver. */
export interface ReceiverLimits {
  /** Largest body. The hub sends at most a canonical form of 256 KiB and what describes it. */
  readonly maxBodyBytes: number
  /** Time a sender has to send its request whole. */
  readonly requestMs: number
  /** Connections open at once. */
  readonly maxConnections: number
  /** Events that wait for the handler; beyond, the answer is 503 and the hub comes back. */
  readonly maxWaiting: number
  /** Ids remembered to know a repetition. */
  readonly rememberedIds: number
  /** When closing, time given to those already in. */
  readonly closeMs: number
}

export const receiverLimits: ReceiverLimits = {
  maxBodyBytes: 1_048_576,
  requestMs: 10_000,
  maxConnections: 64,
  maxWaiting: 100,
  rememberedIds: 10_000,
  closeMs: 5_000,
}

/** Largest file that the kit reads back from its own directories: a deposit, a receipt, a cursor. */
export const maxStoredBytes = 134_217_728
